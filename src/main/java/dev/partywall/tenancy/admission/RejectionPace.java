package dev.partywall.tenancy.admission;

import dev.partywall.http.Filter;
import dev.partywall.http.Handler;
import dev.partywall.http.Request;
import dev.partywall.http.Response;
import dev.partywall.tenancy.Execution;
import dev.partywall.tenancy.Tenant;
import java.util.Set;
import java.util.concurrent.DelayQueue;
import java.util.concurrent.Delayed;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * A filter that delays rejections during a flood ({@link RejectionRate}). A client that repeats a
 * rejected request immediately, over many connections, can otherwise use all processors with
 * rejections: each of them is cheap, and the next one follows immediately. A connection sends no
 * request while it waits, so the delay bounds the rate of such a client.
 *
 * <p>Above the rate, the rejections of a caller are sent at equal intervals: if several of them
 * were sent at the same time, the next requests of their clients would arrive at the same time. No
 * other response is delayed. The service responds within 10 s, so the delay ends before.
 *
 * <p>One thread ends all delays, because a timed wait of a virtual thread costs 20 to 30 µs.
 */
public final class RejectionPace implements Filter, AutoCloseable {
  /** The responses that are sent before the tenant's limits apply, and those that enforce them. */
  private static final Set<Integer> REJECTIONS = Set.of(401, 403, 429, 503);

  /** A long delay: the rate of rejections is the number of the clients divided by their delay. */
  private static final long MAX_DELAY_NANOS = TimeUnit.SECONDS.toNanos(6);

  /** The age of a request at the end of the delay of its rejection. */
  private static final long MAX_AGE_NANOS = TimeUnit.SECONDS.toNanos(9);

  private final RejectionRate rate;
  private final int maxDelayed;
  private final LongSupplier nanoTime;
  private final DelayQueue<Delay> delays = new DelayQueue<>();
  private final Thread thread;
  private volatile boolean closed;

  /**
   * Creates a filter.
   *
   * @param maxPerSecond the number of rejections per second that are not delayed. After a time with
   *     fewer rejections, as many can be sent at once
   * @param maxDelayed the maximum number of concurrently delayed rejections. Further ones are sent
   *     immediately, because each of them takes memory
   * @param nanoTime a monotonic clock in nanoseconds
   */
  public RejectionPace(int maxPerSecond, int maxDelayed, LongSupplier nanoTime) {
    this.rate = new RejectionRate(maxPerSecond, nanoTime.getAsLong());
    this.maxDelayed = maxDelayed;
    this.nanoTime = nanoTime;
    this.thread = Thread.ofPlatform().daemon().name("rejection-pace").unstarted(this::endDelays);
  }

  /** Starts the thread that ends the delays. */
  public RejectionPace start() {
    thread.start();
    return this;
  }

  @Override
  public Response filter(Request request, Handler next) {
    var start = nanoTime.getAsLong() - request.waited().toNanos();
    var response = next.handle(request);
    if (REJECTIONS.contains(response.status())) {
      delay(start);
    }
    return response;
  }

  private void delay(long start) {
    var now = nanoTime.getAsLong();
    var max = Math.min(MAX_DELAY_NANOS, start + MAX_AGE_NANOS - now);
    var nanos = rate.delayNanos(Execution.currentTenant().map(Tenant::id), now, max);
    if (nanos > 0 && delays.size() < maxDelayed && !closed) {
      new Delay(Thread.currentThread(), now + nanos).await();
    }
  }

  private void endDelays() {
    try {
      while (!closed) {
        delays.take().end();
        endDueDelays();
      }
    } catch (InterruptedException _) {
      // Closed.
    }
    delays.forEach(Delay::end);
  }

  /** Ends the delays whose time is over. */
  void endDueDelays() {
    for (var delay = delays.poll(); delay != null; delay = delays.poll()) {
      delay.end();
    }
  }

  /** Ends all delays. */
  @Override
  public void close() {
    closed = true;
    thread.interrupt();
  }

  /** The delay of a rejection, in the thread of its request. An interrupt ends it. */
  private final class Delay implements Delayed {
    private final Thread thread;
    private final long end;
    private volatile boolean over;

    Delay(Thread thread, long end) {
      this.thread = thread;
      this.end = end;
    }

    void await() {
      delays.add(this);
      while (!over && !thread.isInterrupted() && !closed) {
        LockSupport.park(this);
      }
      if (!over) {
        delays.remove(this);
      }
    }

    void end() {
      over = true;
      LockSupport.unpark(thread);
    }

    @Override
    public long getDelay(TimeUnit unit) {
      return unit.convert(end - nanoTime.getAsLong(), TimeUnit.NANOSECONDS);
    }

    @Override
    public int compareTo(Delayed other) {
      return Long.compare(end - ((Delay) other).end, 0); // a monotonic clock may overflow
    }
  }
}
