package dev.partywall.metering;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** How long a bucket of the answer is (UTC), and how long a period it is given for. */
enum Granularity {
  HOUR(ChronoUnit.HOURS, Duration.ofDays(93)),
  DAY(ChronoUnit.DAYS, Duration.ofDays(400));

  private final ChronoUnit unit;
  private final Duration longest;

  Granularity(ChronoUnit unit, Duration longest) {
    this.unit = unit;
    this.longest = longest;
  }

  static Optional<Granularity> parse(String text) {
    return Arrays.stream(values()).filter(it -> it.label().equals(text)).findFirst();
  }

  String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  Duration longest() {
    return longest;
  }

  Instant startOf(Instant instant) {
    return instant.truncatedTo(unit);
  }
}
