package dev.partywall.tenancy.admission;

import dev.partywall.concurrent.WorkThread;
import dev.partywall.http.Filter;
import dev.partywall.http.Handler;
import dev.partywall.http.Request;
import dev.partywall.http.Response;
import dev.partywall.tenancy.Execution;
import dev.partywall.tenancy.Identity;
import dev.partywall.tenancy.Limits.Rate;
import dev.partywall.tenancy.Tenant;
import dev.partywall.tenancy.TenantId;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
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
 * <p>The delay is between the header fields and the body ({@link Response#withPause}): a client
 * that has reset its connection occupies it no longer, and takes no turn.
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
  private static final Duration INTERVAL = Duration.ofMillis(20);

  private final RateLimiter rate;
  private final LongSupplier nanoTime;

  /** The waiting rejections. The caller whose turn is next is first. */
  private final LinkedHashMap<Caller, Queue<Delay>> waiting = new LinkedHashMap<>();

  private final WorkThread thread;
  private long fullAt;
  private volatile boolean closed;

  /**
   * The callers that share turns: a tenant, all operators, or all callers without an identity.
   *
   * @param tenant empty for operators, and if the tenant is not verified
   */
  private record Caller(Optional<TenantId> tenant, boolean isOperator) {
    /** A tenant in a token can be one that the token's issuer may not assert. */
    static Caller current() {
      var execution = Execution.current();
      return execution.flatMap(Execution::identity).orElse(null) instanceof Identity.Operator
          ? new Caller(Optional.empty(), true)
          : new Caller(execution.flatMap(Execution::tenant).map(Tenant::id), false);
    }
  }

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
    this.thread = new WorkThread("rejection-pace", INTERVAL, this::isIdle, this::endDueDelays);
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
        ? delayedAboveTheRate(response, start + MAX_AGE_NANOS)
        : response;
  }

  private synchronized Response delayedAboveTheRate(Response response, long latestEnd) {
    if (closed || (waiting.isEmpty() && takes(nanoTime.getAsLong()))) {
      return response;
    }
    var caller = Caller.current(); // the pause has no execution
    return response.withPause(() -> delay(caller, latestEnd));
  }

  private void delay(Caller caller, long latestEnd) {
    var now = nanoTime.getAsLong();
    var max = Math.min(MAX_DELAY_NANOS, latestEnd - now);
    if (max <= 0 || closed) {
      return;
    }
    var delay = new Delay(Thread.currentThread(), now + max);
    synchronized (this) {
      waiting.computeIfAbsent(caller, _ -> new ArrayDeque<>()).add(delay);
    }
    thread.wake();
    delay.await();
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
    waiting.values().forEach(queue -> queue.removeIf(delay -> delay.endsAt(now)));
    waiting.values().removeIf(Queue::isEmpty);
    while (!waiting.isEmpty() && takes(now)) {
      var next = waiting.pollFirstEntry();
      next.getValue().remove().end();
      if (!next.getValue().isEmpty()) {
        waiting.put(next.getKey(), next.getValue());
      }
    }
  }

  private synchronized boolean isIdle() {
    return waiting.isEmpty();
  }

  private synchronized void endAll() {
    waiting.values().forEach(queue -> queue.forEach(Delay::end));
    waiting.clear();
  }

  /** Ends all delays. */
  @Override
  public void close() {
    closed = true;
    endAll();
    thread.close();
  }

  /** The delay of a rejection, in the thread of its request. An interrupt ends it. */
  private final class Delay {
    private final Thread thread;
    private final long end;
    private volatile boolean over;

    Delay(Thread thread, long end) {
      this.thread = thread;
      this.end = end;
    }

    void await() {
      while (!over && !thread.isInterrupted() && !closed) {
        LockSupport.park(this);
      }
      over = true;
    }

    void end() {
      over = true;
      LockSupport.unpark(thread);
    }

    /** Ends the delay if its time is over. Returns whether it has ended. */
    boolean endsAt(long now) {
      if (now - end >= 0) {
        end();
      }
      return over;
    }
  }
}
