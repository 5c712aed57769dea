package dev.partywall.tenancy.admission;

import dev.partywall.tenancy.Limits.Rate;
import dev.partywall.tenancy.TenantId;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The rate at which rejections are sent. Within the rate, no rejection is delayed. During a flood,
 * the callers that are rejected share the rate equally: a tenant whose rejections are within its
 * share is not delayed by the flood of another one. Requests without a tenant share one part.
 *
 * <p>Times are values of a monotonic clock in nanoseconds, and may overflow.
 */
final class RejectionRate {
  /** A flood ends after this time within the rate. Callers are forgotten after this time. */
  private static final long PERIOD_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Rate rate;
  private final RateLimiter total;

  /** The time at which the bucket of each caller is full; callers with a full one are forgotten. */
  private final Map<Optional<TenantId>, Long> fullAt = new HashMap<>();

  private long totalFullAt;
  private long floodEnd;
  private long nextCheck;

  /**
   * Creates a rate.
   *
   * @param maxPerSecond the number of rejections per second that are not delayed. After a time with
   *     fewer rejections, as many can be sent at once
   */
  RejectionRate(int maxPerSecond, long now) {
    this.rate = new Rate(maxPerSecond, maxPerSecond);
    this.total = RateLimiter.of(rate, 1);
    this.totalFullAt = now;
    this.floodEnd = now;
    this.nextCheck = now;
  }

  /**
   * Records a rejection, and returns the time until it can be sent.
   *
   * @param caller the tenant of the request; empty if it has none
   * @param max the longest delay. A rejection that is delayed for so long takes no part of the rate
   * @return not positive if the rejection can be sent now
   */
  synchronized long delayNanos(Optional<TenantId> caller, long now, long max) {
    forgetFull(now);
    var isFlood = isFlood(now);
    var before = fullAt.computeIfAbsent(caller, _ -> now);
    var own = RateLimiter.of(rate, 1.0 / fullAt.size());
    var after = own.afterRequest(before, now);
    var delay = after - now - own.capacityNanos();
    if (delay > max) {
      return isFlood ? max : 0;
    }
    fullAt.put(caller, after);
    return isFlood ? delay : 0;
  }

  private boolean isFlood(long now) {
    totalFullAt = total.afterRequest(totalFullAt, now);
    if (totalFullAt - now > total.capacityNanos()) {
      totalFullAt = now + total.capacityNanos();
      floodEnd = now + PERIOD_NANOS;
    }
    return floodEnd - now > 0;
  }

  private void forgetFull(long now) {
    if (now - nextCheck >= 0) {
      nextCheck = now + PERIOD_NANOS;
      fullAt.values().removeIf(time -> RateLimiter.isFull(time, now));
    }
  }
}
