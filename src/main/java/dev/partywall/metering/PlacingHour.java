package dev.partywall.metering;

import java.time.Duration;

/**
 * A tenant's hour in which this instance places orders. Times are nanoseconds of this process's
 * monotonic clock.
 *
 * @param notedAt time of the last mark as uncounted
 * @param touchedAt time of the last order
 * @param countedAt start of the last successful count
 * @param told the count in the ledger
 */
record PlacingHour(long notedAt, long touchedAt, long countedAt, long told) {
  /** Shorter than {@link ClosingHours#STANDING} by more than the maximum duration of an order. */
  static final Duration TRUSTED = Duration.ofMinutes(10);

  /** An order completes within 10 s. A later count therefore includes it. */
  static final Duration SETTLED = Duration.ofSeconds(12);

  static PlacingHour noted(long now) {
    return new PlacingHour(now, now, now - 1, 0);
  }

  PlacingHour notedAgain(long now) {
    return new PlacingHour(now, now, countedAt, told);
  }

  PlacingHour touched(long now) {
    return new PlacingHour(notedAt, now, countedAt, told);
  }

  PlacingHour counted(long start, long count) {
    return new PlacingHour(notedAt, touchedAt, start, count);
  }

  boolean isTrusted(long now) {
    return now - notedAt < TRUSTED.toNanos();
  }

  /** Returns whether the last count may have missed an order. */
  boolean isDue() {
    return countedAt - touchedAt < SETTLED.toNanos();
  }

  boolean isForgettable(long now) {
    return !isDue() && !isTrusted(now);
  }
}
