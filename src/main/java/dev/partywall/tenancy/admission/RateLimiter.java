package dev.partywall.tenancy.admission;

import dev.partywall.tenancy.Limits.Rate;

/**
 * The generic cell rate algorithm (GCRA) for one rate. The whole state of a bucket is one number:
 * the time at which it is full. Each request moves that time by one interval, and a request is
 * permitted if the time is then at most one capacity ahead.
 *
 * <p>Times are values of a monotonic clock in nanoseconds. They may overflow, so this class only
 * subtracts them.
 *
 * @param intervalNanos the time in which the bucket gains one request
 * @param capacityNanos the time in which an empty bucket becomes full
 */
record RateLimiter(long intervalNanos, long capacityNanos) {
  private static final double NANOS_PER_SECOND = 1e9;

  /**
   * Returns the limiter of a rate.
   *
   * @param share the part of the rate that this instance permits, at most 1. It changes the
   *     interval but not the capacity, so a change of the share keeps the state of a bucket
   */
  static RateLimiter of(Rate rate, double share) {
    // Rounded up: an interval that is too short would permit too many requests.
    var full = ceil(NANOS_PER_SECOND / rate.requestsPerSecond());
    var interval = ceil(full / share);
    return new RateLimiter(interval, Math.max(full * rate.burst(), interval));
  }

  /** Returns whether the bucket permits a request. */
  boolean permits(long fullAt, long now) {
    return free(fullAt, now) >= intervalNanos;
  }

  /** Returns the time at which the bucket is full after one more request. */
  long afterRequest(long fullAt, long now) {
    return now + debt(fullAt, now) + intervalNanos;
  }

  /** Returns the number of requests that the bucket permits at once. */
  long remaining(long fullAt, long now) {
    return Math.max(0, free(fullAt, now)) / intervalNanos;
  }

  /** Returns the time until the bucket permits one request more; 0 if it is full. */
  long nanosToNext(long fullAt, long now) {
    return isFull(fullAt, now)
        ? 0
        : (remaining(fullAt, now) + 1) * intervalNanos - free(fullAt, now);
  }

  /**
   * Returns the time at which the bucket is full after a change to another rate. The part of the
   * capacity that is used stays the same: an empty bucket stays empty, and a full one stays full.
   * Neither the time nor the number of used requests could stay: either would fill an empty bucket
   * when the burst grows, and could block a tenant for minutes when it shrinks.
   */
  long changed(long fullAt, long now, RateLimiter to) {
    return to.capacityNanos == capacityNanos
        ? fullAt
        : now + ceil(debt(fullAt, now) * ((double) to.capacityNanos / capacityNanos));
  }

  /** Returns whether a bucket is full, which does not depend on its rate. */
  static boolean isFull(long fullAt, long now) {
    return fullAt - now <= 0;
  }

  private long free(long fullAt, long now) {
    return capacityNanos - debt(fullAt, now);
  }

  private static long debt(long fullAt, long now) {
    return Math.max(0, fullAt - now);
  }

  private static long ceil(double value) {
    return (long) Math.ceil(value);
  }
}
