package dev.partywall.metering;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A range of time whose usage is asked for, half open. Usage is known by the hour: so a range takes
 * in every hour that it touches, and says so by its own {@code from} and {@code to}, which are
 * always starts of hours.
 */
record Period(Instant from, Instant to) {
  /** RFC 3339, section 5.6. */
  private static final Pattern FORM =
      Pattern.compile(
          "\\d{4}-\\d\\d-\\d\\d[Tt]\\d\\d:\\d\\d:\\d\\d(?:\\.\\d{1,9})?(?:[Zz]|[+-]\\d\\d:\\d\\d)");

  /**
   * The period from one instant to another, widened to whole hours.
   *
   * @throws DateTimeException when it ends before it begins, is empty, or longer than that
   */
  static Period of(Instant from, Instant to, Duration longest) {
    if (!from.isBefore(to)) {
      throw new DateTimeException("from has to be before to");
    }
    var last = Usage.startOf(to.minusNanos(1));
    var period = new Period(Usage.startOf(from), last.plus(1, ChronoUnit.HOURS));
    if (Duration.between(period.from, period.to).compareTo(longest) > 0) {
      throw new DateTimeException("from and to may be " + longest.toDays() + " days apart");
    }
    return period;
  }

  /**
   * The instant that a text names.
   *
   * @throws DateTimeException when it is not one of RFC 3339
   */
  static Instant instant(String text) {
    if (!FORM.matcher(text).matches()) {
      throw new DateTimeException("not an RFC 3339 instant, such as 2026-11-23T08:00:00Z");
    }
    return OffsetDateTime.parse(text.toUpperCase(Locale.ROOT)).toInstant();
  }
}
