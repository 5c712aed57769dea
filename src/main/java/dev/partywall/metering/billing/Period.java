package dev.partywall.metering.billing;

import dev.partywall.metering.meter.Usage;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A half-open range of time. Usage is recorded by the hour, so both limits are starts of hours, and
 * two adjoining periods have no hour in common.
 */
public record Period(Instant from, Instant to) {
  /** RFC 3339, section 5.6. */
  private static final Pattern FORMAT =
      Pattern.compile(
          "\\d{4}-\\d\\d-\\d\\d[Tt]\\d\\d:\\d\\d:\\d\\d(?:\\.\\d{1,9})?(?:[Zz]|[+-]\\d\\d:\\d\\d)");

  private static final String INSTANT_RULE =
      "must be an RFC 3339 timestamp, such as 2026-11-23T08:00:00Z";

  /** The rule that {@link #parseHour} enforces. */
  public static final String HOUR_RULE =
      "a full hour as an RFC 3339 timestamp, such as 2026-11-23T08:00:00Z";

  /**
   * Returns the period between two full hours.
   *
   * @throws DateTimeException if it is empty, ends before it starts, or exceeds the maximum length
   */
  public static Period of(Instant from, Instant to, Duration maxLength) {
    if (!from.isBefore(to)) {
      throw new DateTimeException("The period must start before it ends.");
    }
    if (Duration.between(from, to).compareTo(maxLength) > 0) {
      throw new DateTimeException("The period exceeds " + maxLength.toDays() + " days.");
    }
    return new Period(from, to);
  }

  /**
   * Parses the start of an hour (UTC).
   *
   * @throws DateTimeException if the text does not conform to RFC 3339, or is not a full hour
   */
  public static Instant parseHour(String text) {
    var instant = parseInstant(text);
    if (!instant.equals(Usage.startOfHour(instant))) {
      throw new DateTimeException("must be " + HOUR_RULE);
    }
    return instant;
  }

  /**
   * Parses an instant. An offset must not move it out of the years 0000 to 9999: neither the
   * ledger's keys nor RFC 3339 have other years.
   *
   * @throws DateTimeException if the text does not conform to RFC 3339, also in UTC
   */
  public static Instant parseInstant(String text) {
    if (!FORMAT.matcher(text).matches()) {
      throw new DateTimeException(INSTANT_RULE);
    }
    var instant = OffsetDateTime.parse(text.toUpperCase(Locale.ROOT)).toInstant();
    if (!FORMAT.matcher(instant.toString()).matches()) {
      throw new DateTimeException(INSTANT_RULE);
    }
    return instant;
  }
}
