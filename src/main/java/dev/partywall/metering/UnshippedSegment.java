package dev.partywall.metering;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A segment that could not be shipped although the ledger is available. It is kept and retried with
 * increasing delays: each attempt costs write units for the batches that the ledger already has.
 */
final class UnshippedSegment {
  private static final Duration FIRST_DELAY = Duration.ofSeconds(4);
  private static final Duration MAX_DELAY = Duration.ofMinutes(10);

  private final RecurringFailure failure;
  private Duration delay = FIRST_DELAY;
  private Instant nextAttempt = Instant.MIN;

  /** Creates the state of the segment in the given file. */
  UnshippedSegment(String name) {
    failure = new RecurringFailure("Shipping journal segment " + name + " failed");
  }

  void reportFailure(Exception e, Instant now) {
    failure.report(e);
    nextAttempt = now.plus(delay);
    var next = delay.multipliedBy(2);
    delay = next.compareTo(MAX_DELAY) < 0 ? next : MAX_DELAY;
  }

  /** Records that the segment was shipped or set aside. */
  void clearFailure() {
    failure.clear();
  }

  boolean isRetryDue(Instant now) {
    return !now.isBefore(nextAttempt);
  }

  Optional<String> problem() {
    return failure.problem();
  }
}
