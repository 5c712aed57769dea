package dev.partywall.concurrent;

import java.time.Duration;

/**
 * Delays between repeated attempts: they double after each failure up to a maximum, and a random
 * part keeps clients that failed together from repeating together.
 *
 * @param first the delay after the first failure, before jitter
 * @param max the longest delay, before jitter
 * @param jitter the share of the delay that is random: 0 for none, 1 for a delay anywhere between
 *     zero and the full value
 */
public record Backoff(Duration first, Duration max, double jitter) {
  /** More doublings would overflow before the maximum applies. */
  private static final int MAX_DOUBLINGS = 30;

  /** Rejects a first delay of zero, a maximum below it, and a share outside 0 to 1. */
  public Backoff {
    if (!first.isPositive() || max.compareTo(first) < 0 || jitter < 0 || jitter > 1) {
      throw new IllegalArgumentException(
          "first must be positive, max at least first, jitter from 0 to 1");
    }
  }

  /** Returns a backoff that always waits {@code delay}. */
  public static Backoff constant(Duration delay) {
    return new Backoff(delay, delay, 0);
  }

  /**
   * Returns the delay after so many consecutive failures.
   *
   * @param failures at least 1
   * @param random from 0 (inclusive) to 1 (exclusive); has no effect without jitter
   */
  public Duration delay(int failures, double random) {
    if (failures < 1) {
      throw new IllegalArgumentException("a delay follows at least one failure");
    }
    var doubled = first.multipliedBy(1L << Math.min(failures - 1, MAX_DOUBLINGS));
    var nanos = (doubled.compareTo(max) < 0 ? doubled : max).toNanos();
    return Duration.ofNanos(nanos - (long) (nanos * jitter * random));
  }
}
