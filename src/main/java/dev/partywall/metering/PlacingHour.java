package dev.partywall.metering;

import java.time.Duration;

/**
 * A tenant's hour in which this instance places orders. It is an immutable value, and its times are
 * nanoseconds of this process's own clock, which never goes back.
 *
 * @param notedAt when it was noted as open
 * @param touchedAt when an order last set out
 * @param countedAt when the last count that succeeded began
 * @param told what the ledger has been told
 */
record PlacingHour(long notedAt, long touchedAt, long countedAt, long told) {
  /** Well below {@link ClosingHours#STANDING}, and by more than an order can be on its way. */
  static final Duration TRUSTED = Duration.ofMinutes(10);

  /** An order is answered within 10 s: a count that begins after that has seen it. */
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

  PlacingHour counted(long began, long count) {
    return new PlacingHour(notedAt, touchedAt, began, count);
  }

  boolean isTrusted(long now) {
    return now - notedAt < TRUSTED.toNanos();
  }

  /** Whether an order may have come that the last count did not see. */
  boolean isDue() {
    return countedAt - touchedAt < SETTLED.toNanos();
  }

  boolean isForgettable(long now) {
    return !isDue() && !isTrusted(now);
  }
}
