package dev.partywall.metering.quota;

import dev.partywall.metering.ledger.DailyRequests;
import dev.partywall.metering.ledger.DailyRequests.Day;
import dev.partywall.metering.meter.MeteredTenant;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;

/**
 * Reads a tenant's requests of a month from the ledger: closed days from their items, with one
 * query, and open days from their hours, with another one.
 *
 * <p>Closes a day that has ended, by this instance's clock, if this instance has seen the day
 * unchanged for {@link #CLOSING_DELAY}. Then no instance relies on an open that it made, and each
 * later batch opens the day again ({@link DayOpener}). So no step compares the clocks of two
 * machines, and a wrong clock only closes a day before its end. Any instance may close a day, and
 * days of tenants without requests stay open at no cost.
 */
final class MonthReader {
  /**
   * The time for which a day must be unchanged before it is closed. Longer than {@link
   * DayOpener#VALIDITY} by more than the duration of a read.
   */
  static final Duration CLOSING_DELAY = Duration.ofMinutes(15);

  private final DailyRequests dailyRequests;
  private final InstantSource clock;
  private final LongSupplier nanoTime;

  /**
   * The days of a tenant's month that have ended and are open, since this instance reads it. Not
   * safe for concurrent use.
   */
  static final class OpenDays {
    private record Seen(Day day, long since) {}

    private final Map<LocalDate, Seen> seen = new HashMap<>();

    /**
     * Returns the time since which the day is unchanged. Only an open day is remembered.
     *
     * @param now the time after the day was read
     */
    private long seen(LocalDate date, Day day, long now) {
      return seen.compute(
              date,
              (_, last) -> last == null || !last.day().equals(day) ? new Seen(day, now) : last)
          .since();
    }

    private void retain(List<LocalDate> open) {
      seen.keySet().retainAll(open);
    }

    /** Returns the number of days in memory. */
    int size() {
      return seen.size();
    }
  }

  MonthReader(DailyRequests dailyRequests, InstantSource clock, LongSupplier nanoTime) {
    this.dailyRequests = dailyRequests;
    this.clock = clock;
    this.nanoTime = nanoTime;
  }

  /** Returns the requests of the month in the ledger, and closes the days that may be closed. */
  long read(MeteredTenant tenant, YearMonth month, OpenDays openDays) {
    var before = nanoTime.getAsLong();
    // Days before hours: a batch that is shipped between the reads opens its day, which prevents
    // the close.
    var days = dailyRequests.days(tenant, month.atDay(1), month.atEndOfMonth());
    var after = nanoTime.getAsLong(); // a pause during the query does not count as unchanged time
    var open = open(days, month);
    openDays.retain(open);
    var hours =
        open.isEmpty()
            ? Map.<LocalDate, Long>of()
            : dailyRequests.sumsOfHours(tenant, open.getFirst(), month.atEndOfMonth());
    for (var date : open.stream().filter(this::hasEnded).toList()) {
      var day = days.getOrDefault(date, Day.UNKNOWN);
      var since = openDays.seen(date, day, after);
      if (before - since >= CLOSING_DELAY.toNanos()) {
        dailyRequests.close(tenant, date, day, hours.getOrDefault(date, 0L));
      }
    }
    return sum(days, open, hours);
  }

  private static List<LocalDate> open(SortedMap<LocalDate, Day> days, YearMonth month) {
    return IntStream.rangeClosed(1, month.lengthOfMonth())
        .mapToObj(month::atDay)
        .filter(date -> !days.getOrDefault(date, Day.UNKNOWN).isClosed())
        .toList();
  }

  private boolean hasEnded(LocalDate date) {
    return date.isBefore(LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC));
  }

  private static long sum(
      SortedMap<LocalDate, Day> days, List<LocalDate> open, Map<LocalDate, Long> hours) {
    var closed = days.values().stream().mapToLong(day -> day.requests().orElse(0)).sum();
    return closed + open.stream().mapToLong(date -> hours.getOrDefault(date, 0L)).sum();
  }
}
