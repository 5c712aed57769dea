package dev.partywall.tenancy.admission;

import dev.partywall.concurrent.TwoGenerationCache;
import dev.partywall.concurrent.WorkThread;
import dev.partywall.http.Filter;
import dev.partywall.http.Handler;
import dev.partywall.http.Request;
import dev.partywall.http.Response;
import dev.partywall.tenancy.Limits.Rate;
import dev.partywall.tenancy.admission.DelayedRejections.Caller;
import dev.partywall.tenancy.admission.DelayedRejections.Delay;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * A filter that delays rejections during a flood. A client that repeats a rejected request
 * immediately, over many connections, can otherwise use all processors with rejections: each of
 * them is cheap, and the next one follows immediately. A connection sends no request while it
 * waits, so the delay bounds the rate of such a client.
 *
 * <p>Above the rate, rejections wait, and the callers take turns. A tenant that is rejected rarely
 * waits for one turn of each other caller, however many rejections they have. All operators take
 * one turn together, and so do all callers without a verified tenant. No other response is delayed.
 *
 * <p>A delayed rejection occupies its connection, because the JDK's server does not report that a
 * client has reset it. If a rejection of a caller could not be sent in the last 10 s, the header
 * fields of the caller's rejections are sent before the delay ({@link Response#withPause}). If the
 * client has reset the connection, this fails, and the rejection is not delayed and takes no turn.
 * The header fields of other callers' rejections are sent after the delay: many clients repeat a
 * request as soon as they know the status.
 *
 * <p>The delay ends when the request is 9 s old, because the service responds within 10 s. A time
 * limit of the caller ({@code Request-Timeout-Ms}) has no effect on it: with a short one, a client
 * could otherwise avoid the delay.
 *
 * <p>The number of waiting rejections is bounded by the number of connections. One thread ends all
 * delays, because a timed wait of a virtual thread costs 20 to 30 µs.
 */
public final class RejectionPace implements Filter, AutoCloseable {
  /** The responses that are sent before the tenant's limits apply, and those that enforce them. */
  private static final Set<Integer> REJECTIONS = Set.of(401, 403, 429, 503);

  /** A long delay: the rate of rejections is the number of the clients divided by their delay. */
  private static final long MAX_DELAY_NANOS = TimeUnit.SECONDS.toNanos(6);

  private static final long MAX_AGE_NANOS = TimeUnit.SECONDS.toNanos(9);
  private static final long RESET_MEMORY_NANOS = TimeUnit.SECONDS.toNanos(10);

  /** If more callers reset connections, those that were not rejected for the longest time go. */
  private static final int MAX_RESETTING_CALLERS = 1_000;

  private final RateLimiter rate;
  private final LongSupplier nanoTime;

  /** The time at which a rejection of a caller could not be sent. */
  private final TwoGenerationCache<Caller, Long> resets =
      new TwoGenerationCache<>(MAX_RESETTING_CALLERS);

  private final DelayedRejections delayed = new DelayedRejections();
  private final WorkThread thread;
  private long fullAt;
  private boolean closed;

  /**
   * Creates a filter.
   *
   * @param maxPerSecond the number of rejections per second that are not delayed. After a time with
   *     fewer rejections, as many can be sent at once
   * @param nanoTime a monotonic clock in nanoseconds
   */
  public RejectionPace(int maxPerSecond, LongSupplier nanoTime) {
    this.rate = RateLimiter.of(new Rate(maxPerSecond, maxPerSecond), 1);
    this.nanoTime = nanoTime;
    this.fullAt = nanoTime.getAsLong();
    // Rejections that are sent together delay the requests of others that arrive at that moment, so
    // each interval permits one. On a busy processor, several intervals can end together.
    var interval = Duration.ofSeconds(1).dividedBy(maxPerSecond);
    this.thread = new WorkThread("rejection-pace", interval, this::isIdle, this::endDueDelays);
  }

  /** Starts the thread that ends the delays. */
  public RejectionPace start() {
    thread.start();
    return this;
  }

  /** Returns the thread that ends the delays. */
  WorkThread thread() {
    return thread;
  }

  @Override
  public Response filter(Request request, Handler next) {
    var start = nanoTime.getAsLong() - request.waited().toNanos();
    var response = next.handle(request);
    return REJECTIONS.contains(response.status())
        ? delayAboveTheRate(response, start + MAX_AGE_NANOS)
        : response;
  }

  private Response delayAboveTheRate(Response rejection, long latestEnd) {
    var caller = Caller.current();
    var response = rejection.onSent(sent -> recordReset(caller, sent));
    if (isWithinTheRate()) {
      return response;
    }
    if (resetsConnections(caller)) {
      return response.withPause(() -> delay(caller, latestEnd));
    }
    delay(caller, latestEnd);
    return response;
  }

  private void recordReset(Caller caller, Response.SendResult sent) {
    if (!sent.complete()) {
      resets.put(caller, nanoTime.getAsLong());
    }
  }

  private boolean resetsConnections(Caller caller) {
    var last = resets.get(caller);
    return last != null && nanoTime.getAsLong() - last < RESET_MEMORY_NANOS;
  }

  private synchronized boolean isWithinTheRate() {
    return delayed.isEmpty() && takes(nanoTime.getAsLong());
  }

  private void delay(Caller caller, long latestEnd) {
    var now = nanoTime.getAsLong();
    var max = Math.min(MAX_DELAY_NANOS, latestEnd - now);
    if (max <= 0) {
      return;
    }
    var delay = new Delay(caller, Thread.currentThread(), now + max);
    synchronized (this) {
      if (closed) {
        return;
      }
      delayed.add(delay);
    }
    thread.wake();
    if (!delay.await()) {
      synchronized (this) {
        delayed.remove(delay);
      }
    }
  }

  /** Returns whether the rate permits a rejection now, and records it. */
  private boolean takes(long now) {
    if (!rate.permits(fullAt, now)) {
      return false;
    }
    fullAt = rate.afterRequest(fullAt, now);
    return true;
  }

  /** Ends the delays that are over, and as many others as the rate permits. */
  synchronized void endDueDelays() {
    var now = nanoTime.getAsLong();
    delayed.endDue(now);
    while (!delayed.isEmpty() && takes(now)) {
      delayed.endNext();
    }
  }

  /** Returns the number of rejections that are delayed. */
  synchronized int waiting() {
    return delayed.size();
  }

  private synchronized boolean isIdle() {
    return delayed.isEmpty();
  }

  /** Ends all delays. */
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      delayed.endAll();
    }
    thread.close();
  }
}
