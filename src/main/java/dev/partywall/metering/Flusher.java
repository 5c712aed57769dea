package dev.partywall.metering;

import java.io.IOException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings usage from memory to the journal. While that can't be written, usage stays in memory and
 * goes on to add up there; a crash would take it then, so that this is an error in the log and
 * shows in the service's health until it is over.
 */
final class Flusher {
  private static final Logger LOG = LoggerFactory.getLogger(Flusher.class);

  private final Tallies tallies;
  private final Journal journal;
  private final Trouble trouble = new Trouble("usage can't be written to the journal");

  Flusher(Tallies tallies, Journal journal) {
    this.tallies = tallies;
    this.journal = journal;
  }

  /** Whether all of it is there. */
  boolean flush() {
    var flushed = false;
    try {
      tallies.drain(journal);
      trouble.over();
      flushed = true;
    } catch (IOException e) {
      trouble.met(e);
    }
    var lost = tallies.beyond();
    if (!lost.isNothing()) {
      LOG.error("memory is full of usage that can't be written, and this is lost: {}", lost);
    }
    return flushed;
  }

  Optional<String> problem() {
    return trouble.problem();
  }
}
