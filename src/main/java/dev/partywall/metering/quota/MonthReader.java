package dev.partywall.metering.quota;

import dev.partywall.metering.ledger.DailyRequests;
import dev.partywall.metering.ledger.DailyRequests.Day;
import dev.partywall.metering.meter.MeteredTenant;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

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
    private static final int MAX_DAYS = 31;

    /**
     * By day of the month. Arrays, because each active tenant has one: at the end of a tenant's
     * first month, all of its days can be open for {@link #CLOSING_DELAY}.
     */
    private @Nullable Day[] days = {};

    private long[] since = {};

    /**
     * Returns the time since which the day is unchanged. Only an open day is remembered.
     *
     * @param now the time after the day was read
     */
    private long seen(LocalDate date, Day day, long now) {
      if (days.length == 0) {
        days = new Day[MAX_DAYS];
        since = new long[MAX_DAYS];
      }
      var index = date.getDayOfMonth() - 1;
      if (!day.equals(days[index])) {
        days[index] = day;
        since[index] = now;
      }
      return since[index];
    }

    private void retain(List<LocalDate> open) {
      if (days.length == 0) {
        return;
      }
      var openDays = open.stream().map(LocalDate::getDayOfMonth).collect(Collectors.toSet());
      for (var index = 0; index < days.length; index++) {
        if (!openDays.contains(index + 1)) {
          days[index] = null;
        }
      }
      if (size() == 0) {
        days = new Day[0];
        since = new long[0];
      }
    }

    /** Returns the number of days in memory. */
    int size() {
      return (int) Arrays.stream(days).filter(Objects::nonNull).count();
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
