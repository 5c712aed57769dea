package dev.partywall.http;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * How long a request may take. When its time is up, the thread that works on it is interrupted, and
 * the caller is told to come back later. Nothing in jdk.httpserver does that: its own time-outs
 * close the socket and let the work run on.
 */
public final class Deadline implements Filter, AutoCloseable {
  private static final Duration COME_BACK = Duration.ofSeconds(2);
  private static final long SWEEP_NANOS = Duration.ofMillis(50).toNanos();

  private final long limitNanos;
  private final LongSupplier nanoTime;
  private final Set<Run> running = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  /** A deadline of {@code limit}, which is watched over until this is closed. */
  public Deadline(Duration limit) {
    this(limit, System::nanoTime);
    // Not a virtual one: it has to run above all when those have no processor left to run on.
    Thread.ofPlatform().name("deadline").daemon().start(this::watch);
  }

  /** A deadline that nobody watches over but who calls {@link #sweep}. */
  Deadline(Duration limit, LongSupplier nanoTime) {
    this.limitNanos = limit.toNanos();
    this.nanoTime = nanoTime;
  }

  /**
   * Asks {@code next}. An answer that made it is given, however late: what it tells was done. What
   * was thrown after the time was up is taken for a consequence of the interrupt.
   *
   * @throws Refused as {@link Refusal.Unavailable} when the time was up
   */
  @Override
  public Response filter(Request request, Handler next) {
    var run = new Run(Thread.currentThread(), nanoTime.getAsLong() + limitNanos);
    running.add(run);
    try {
      return next.handle(request);
    } catch (RuntimeException e) {
      if (run.end()) {
        throw new Refused(new Refusal.Unavailable("it took too long", COME_BACK), e);
      }
      throw e;
    } finally {
      run.end();
      running.remove(run);
    }
  }

  /** Interrupts whoever is over the time. */
  void sweep() {
    var now = nanoTime.getAsLong();
    for (var run : running) {
      if (now - run.until >= 0) {
        run.interrupt();
      }
    }
  }

  private void watch() {
    while (!closed) {
      sweep();
      LockSupport.parkNanos(this, SWEEP_NANOS);
    }
  }

  /** Lets requests take as long as they like from now on. */
  @Override
  public void close() {
    closed = true;
  }

  /**
   * One request that is being worked on. Whether its time was up or it ended first is decided under
   * its lock, so that no interrupt can hit what the thread does afterwards: writing the answer.
   */
  private static final class Run {
    private final Thread worker;
    private final long until;
    private boolean ended;
    private boolean interrupted;

    Run(Thread worker, long until) {
      this.worker = worker;
      this.until = until;
    }

    /** Again at each sweep: the work may have swallowed the last one and gone on. */
    synchronized void interrupt() {
      if (!ended) {
        interrupted = true;
        worker.interrupt();
      }
    }

    /** Ends it, takes back an interrupt that nobody has seen, and says if there ever was one. */
    synchronized boolean end() {
      if (!ended && interrupted) {
        Thread.interrupted();
      }
      ended = true;
      return interrupted;
    }
  }
}
