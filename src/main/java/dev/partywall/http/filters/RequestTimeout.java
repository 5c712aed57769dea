package dev.partywall.http.filters;

import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
import dev.partywall.http.Filter;
import dev.partywall.http.Handler;
import dev.partywall.http.Request;
import dev.partywall.http.Response;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * A filter that limits the duration of a request. When the limit expires, it interrupts the thread
 * that serves the request and rejects the request with a retry delay. The timeouts of
 * jdk.httpserver are no substitute: they close the socket but leave the thread running.
 */
public final class RequestTimeout implements Filter, AutoCloseable {
  private static final Duration RETRY_AFTER = Duration.ofSeconds(2);
  private static final long SWEEP_INTERVAL_NANOS = Duration.ofMillis(50).toNanos();

  private final long limitNanos;
  private final LongSupplier nanoTime;
  private final Set<TimedRequest> running = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  /**
   * Creates a filter with this limit and starts its watchdog thread, which runs until {@link
   * #close}.
   */
  public RequestTimeout(Duration limit) {
    this(limit, System::nanoTime);
    // A platform thread, because it must run even when virtual threads have no free carrier.
    Thread.ofPlatform().name("request-timeout").daemon().start(this::watch);
  }

  /**
   * Creates a filter without a watchdog, for tests: requests expire only when {@link #sweep} is
   * called.
   */
  RequestTimeout(Duration limit, LongSupplier nanoTime) {
    this.limitNanos = limit.toNanos();
    this.nanoTime = nanoTime;
  }

  /**
   * Calls {@code next}. Returns its response even after the limit has expired, because the response
   * describes completed work. An exception after the limit has expired counts as a consequence of
   * the interrupt.
   *
   * @throws ApiException as {@link ApiError.Unavailable} if {@code next} throws after the limit has
   *     expired
   */
  @Override
  public Response filter(Request request, Handler next) {
    var timed = new TimedRequest(Thread.currentThread(), nanoTime.getAsLong() + limitNanos);
    running.add(timed);
    try {
      return next.handle(request);
    } catch (RuntimeException e) {
      if (timed.end()) {
        throw new ApiException(new ApiError.Unavailable("The request timed out.", RETRY_AFTER), e);
      }
      throw e;
    } finally {
      timed.end();
      running.remove(timed);
    }
  }

  /** Interrupts all requests whose limit has expired. */
  void sweep() {
    var now = nanoTime.getAsLong();
    for (var timed : running) {
      if (now - timed.deadlineNanos >= 0) {
        timed.interrupt();
      }
    }
  }

  private void watch() {
    while (!closed) {
      sweep();
      LockSupport.parkNanos(this, SWEEP_INTERVAL_NANOS);
    }
  }

  /** Stops the watchdog. Requests no longer time out. */
  @Override
  public void close() {
    closed = true;
  }

  /**
   * A request in progress. Its lock orders expiry and completion. An interrupt can therefore never
   * reach the thread's later work, which is writing the response.
   */
  private static final class TimedRequest {
    private final Thread worker;
    private final long deadlineNanos;
    private boolean ended;
    private boolean interrupted;

    TimedRequest(Thread worker, long deadlineNanos) {
      this.worker = worker;
      this.deadlineNanos = deadlineNanos;
    }

    /**
     * Interrupts the thread. Every sweep repeats this, because the handler may swallow an
     * interrupt.
     */
    synchronized void interrupt() {
      if (!ended) {
        interrupted = true;
        worker.interrupt();
      }
    }

    /**
     * Completes the request, clears a pending interrupt, and returns whether it was ever
     * interrupted.
     */
    synchronized boolean end() {
      if (!ended && interrupted) {
        Thread.interrupted();
      }
      ended = true;
      return interrupted;
    }
  }
}
