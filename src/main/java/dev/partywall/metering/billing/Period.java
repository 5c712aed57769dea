package dev.partywall.metering.billing;

import dev.partywall.metering.meter.Usage;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A half-open range of time. Usage is recorded by the hour, so a period includes every hour that it
 * touches. {@code from} and {@code to} are always starts of hours.
 */
public record Period(Instant from, Instant to) {
  /** RFC 3339, section 5.6. */
  private static final Pattern FORMAT =
      Pattern.compile(
          "\\d{4}-\\d\\d-\\d\\d[Tt]\\d\\d:\\d\\d:\\d\\d(?:\\.\\d{1,9})?(?:[Zz]|[+-]\\d\\d:\\d\\d)");

  /**
   * Returns the period between two instants, extended to full hours.
   *
   * @throws DateTimeException if it is empty, ends before it starts, or exceeds the maximum length
   */
  public static Period of(Instant from, Instant to, Duration maxLength) {
    if (!from.isBefore(to)) {
      throw new DateTimeException("The period must start before it ends.");
    }
    var lastHour = Usage.startOfHour(to.minusNanos(1));
    var period = new Period(Usage.startOfHour(from), lastHour.plus(1, ChronoUnit.HOURS));
    if (Duration.between(period.from, period.to).compareTo(maxLength) > 0) {
      throw new DateTimeException("The period exceeds " + maxLength.toDays() + " days.");
    }
    return period;
  }

  /**
   * Parses an instant.
   *
   * @throws DateTimeException if the text does not conform to RFC 3339
   */
  public static Instant parseInstant(String text) {
    if (!FORMAT.matcher(text).matches()) {
      throw new DateTimeException("must be an RFC 3339 timestamp, such as 2026-11-23T08:00:00Z");
    }
    return OffsetDateTime.parse(text.toUpperCase(Locale.ROOT)).toInstant();
  }
}
