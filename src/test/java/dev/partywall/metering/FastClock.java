package dev.partywall.metering;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * A clock that runs a multiple of real time from a given instant. All processes with the same
 * instant read the same time.
 */
record FastClock(Instant start, int times) implements InstantSource {
  @Override
  public Instant instant() {
    return start.plus(Duration.between(start, Instant.now()).multipliedBy(times));
  }
}
