package dev.partywall.tenancy.admission;

import dev.partywall.concurrent.Watchdog;
import dev.partywall.http.Filter;
import dev.partywall.http.Handler;
import dev.partywall.http.Request;
import dev.partywall.http.Response;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * A filter that delays rejections during a flood. A client that repeats a rejected request
 * immediately, over many connections, can otherwise use all processors with rejections: each of
 * them is cheap, and the next one follows immediately. A connection sends no request while it
 * waits, so the delay bounds the rate of such a client. Rejections within the usual rate are not
 * delayed, and neither is any other response.
 */
public final class RejectionPace implements Filter {
  /** The delay of a rejection. */
  public static final Duration DELAY = Duration.ofMillis(250);

  /** The responses that are sent before the tenant's limits apply, and those that enforce them. */
  private static final Set<Integer> REJECTIONS = Set.of(401, 403, 429, 503);

  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private final int maxPerSecond;
  private final Semaphore delayed;
  private final Watchdog watchdog;
  private final LongSupplier nanoTime;
  private long secondStart;
  private int inSecond;

  /**
   * Creates a filter.
   *
   * @param maxPerSecond the number of rejections per second that are not delayed
   * @param maxDelayed the maximum number of concurrently delayed rejections. Further ones are sent
   *     immediately, because each of them takes memory
   * @param watchdog ends the delays; its limit is the delay
   * @param nanoTime a monotonic clock in nanoseconds
   */
  public RejectionPace(int maxPerSecond, int maxDelayed, Watchdog watchdog, LongSupplier nanoTime) {
    this.maxPerSecond = maxPerSecond;
    this.delayed = new Semaphore(maxDelayed);
    this.watchdog = watchdog;
    this.nanoTime = nanoTime;
    this.secondStart = nanoTime.getAsLong();
  }

  @Override
  public Response filter(Request request, Handler next) {
    var response = next.handle(request);
    if (REJECTIONS.contains(response.status()) && isExcess() && delayed.tryAcquire()) {
      try {
        new Delay(Thread.currentThread()).await();
      } finally {
        delayed.release();
      }
    }
    return response;
  }

  private synchronized boolean isExcess() {
    var now = nanoTime.getAsLong();
    if (now - secondStart >= SECOND) {
      secondStart = now;
      inSecond = 0;
    }
    inSecond++;
    return inSecond > maxPerSecond;
  }

  /** The delay of a rejection, in the thread of its request. An interrupt ends it. */
  private final class Delay extends Watchdog.Operation {
    private final Thread thread;
    private volatile boolean over;

    Delay(Thread thread) {
      this.thread = thread;
    }

    void await() {
      watchdog.add(this);
      while (!over && !thread.isInterrupted()) {
        LockSupport.park(this);
      }
      watchdog.remove(this);
    }

    @Override
    protected void expire() {
      over = true;
      LockSupport.unpark(thread);
    }
  }
}
