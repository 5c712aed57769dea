package dev.partywall.metering;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A clock that runs so many times as fast from some instant on, and the same in all processes. */
record FastClock(Instant start, int times) implements InstantSource {
  @Override
  public Instant instant() {
    return start.plus(Duration.between(start, Instant.now()).multipliedBy(times));
  }
}
