package dev.partywall.metering;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A segment that could not be shipped although the ledger is available. It is kept and retried with
 * increasing delays: each attempt costs write units for the batches that the ledger already has.
 */
final class StuckSegment {
  private static final Duration FIRST_DELAY = Duration.ofSeconds(4);
  private static final Duration MAX_DELAY = Duration.ofMinutes(10);

  private final Trouble failure;
  private Duration delay = FIRST_DELAY;
  private Instant nextAttempt = Instant.MIN;

  /** Creates the state of the segment in the given file. */
  StuckSegment(String name) {
    failure = new Trouble("Shipping journal segment " + name + " failed");
  }

  void met(Exception e, Instant now) {
    failure.met(e);
    nextAttempt = now.plus(delay);
    var next = delay.multipliedBy(2);
    delay = next.compareTo(MAX_DELAY) < 0 ? next : MAX_DELAY;
  }

  /** Records that the segment was shipped or set aside. */
  void over() {
    failure.over();
  }

  boolean isDue(Instant now) {
    return !now.isBefore(nextAttempt);
  }

  Optional<String> problem() {
    return failure.problem();
  }
}
