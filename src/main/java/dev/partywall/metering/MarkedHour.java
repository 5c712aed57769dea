package dev.partywall.metering;

import java.time.Duration;

/**
 * A tenant's hour in which this instance places orders. Times are nanoseconds of this process's
 * monotonic clock.
 *
 * @param markedAt time of the last mark as uncounted
 * @param lastOrderAt time of the last order
 * @param countedAt start of the last successful count
 * @param ledgerCount the count in the ledger
 */
record MarkedHour(long markedAt, long lastOrderAt, long countedAt, long ledgerCount) {
  /**
   * Shorter than {@link HourCloser#CLOSING_DELAY} by more than the maximum duration of an order.
   */
  static final Duration MARK_VALIDITY = Duration.ofMinutes(10);

  /** An order completes within 10 s. A later count therefore includes it. */
  static final Duration SETTLING_TIME = Duration.ofSeconds(12);

  static MarkedHour marked(long now) {
    return new MarkedHour(now, now, now - 1, 0);
  }

  MarkedHour withMarkRenewed(long now) {
    return new MarkedHour(now, now, countedAt, ledgerCount);
  }

  MarkedHour withLastOrder(long now) {
    return new MarkedHour(markedAt, now, countedAt, ledgerCount);
  }

  MarkedHour withCount(long start, long count) {
    return new MarkedHour(markedAt, lastOrderAt, start, count);
  }

  boolean isMarkValid(long now) {
    return now - markedAt < MARK_VALIDITY.toNanos();
  }

  /** Returns whether the last count may have missed an order. */
  boolean needsCount() {
    return countedAt - lastOrderAt < SETTLING_TIME.toNanos();
  }

  boolean isRemovable(long now) {
    return !needsCount() && !isMarkValid(now);
  }
}
