package dev.partywall.metering;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A segment that could not be shipped though the ledger is there. It is kept, and tried again ever
 * more rarely: what the ledger has of it costs write units at each try.
 */
final class StuckSegment {
  private static final Duration FIRST = Duration.ofSeconds(4);
  private static final Duration LONGEST = Duration.ofMinutes(10);

  private final Trouble trouble;
  private Duration pause = FIRST;
  private Instant due = Instant.MIN;

  /** One in a file of that name. */
  StuckSegment(String name) {
    trouble = new Trouble("the journal's segment " + name + " can't be shipped");
  }

  void met(Exception e, Instant now) {
    trouble.met(e);
    due = now.plus(pause);
    var next = pause.multipliedBy(2);
    pause = next.compareTo(LONGEST) < 0 ? next : LONGEST;
  }

  /** It went through after all, or was put aside. */
  void over() {
    trouble.over();
  }

  boolean isDue(Instant now) {
    return !now.isBefore(due);
  }

  Optional<String> problem() {
    return trouble.problem();
  }
}
