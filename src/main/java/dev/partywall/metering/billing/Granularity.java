package dev.partywall.metering.billing;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The length of the intervals of a report. All are in UTC. */
enum Granularity {
  HOUR(Duration.ofDays(93)),
  DAY(Duration.ofDays(400)),
  MONTH(Duration.ofDays(400));

  private final Duration maxPeriod;

  Granularity(Duration maxPeriod) {
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

  /** Returns the start of the interval that contains the instant. */
  Instant startOf(Instant instant) {
    return switch (this) {
      case HOUR -> instant.truncatedTo(ChronoUnit.HOURS);
      case DAY -> instant.truncatedTo(ChronoUnit.DAYS);
      case MONTH ->
          instant
              .atOffset(ZoneOffset.UTC)
              .withDayOfMonth(1)
              .truncatedTo(ChronoUnit.DAYS)
              .toInstant();
    };
  }
}
