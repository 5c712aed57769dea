package dev.partywall.tenancy.admission;

import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;

/**
 * A month of the UTC calendar, in seconds since 1970.
 *
 * @param start its first second
 * @param end the first second of the next month
 */
record UtcMonth(long start, long end) {
  static UtcMonth at(long epochSecond) {
    var month = YearMonth.from(Instant.ofEpochSecond(epochSecond).atOffset(ZoneOffset.UTC));
    return new UtcMonth(startOf(month), startOf(month.plusMonths(1)));
  }

  private static long startOf(YearMonth month) {
    return month.atDay(1).atStartOfDay().toEpochSecond(ZoneOffset.UTC);
  }

  boolean contains(long epochSecond) {
    return start <= epochSecond && epochSecond < end;
  }

  long seconds() {
    return end - start;
  }
}
