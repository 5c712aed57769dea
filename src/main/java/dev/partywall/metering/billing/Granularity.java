package dev.partywall.metering.billing;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The length of a bucket of the report (UTC), with the maximum length of a period. */
enum Granularity {
  HOUR(ChronoUnit.HOURS, Duration.ofDays(93)),
  DAY(ChronoUnit.DAYS, Duration.ofDays(400));

  private final ChronoUnit unit;
  private final Duration maxPeriod;

  Granularity(ChronoUnit unit, Duration maxPeriod) {
    this.unit = unit;
    this.maxPeriod = maxPeriod;
  }

  static Optional<Granularity> parse(String text) {
    return Arrays.stream(values())
        .filter(granularity -> granularity.label().equals(text))
        .findFirst();
  }

  String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  Duration maxPeriod() {
    return maxPeriod;
  }

  Instant startOf(Instant instant) {
    return instant.truncatedTo(unit);
  }
}
