package dev.partywall.metering.journal;

import dev.partywall.concurrent.RecurringFailure;
import dev.partywall.metering.meter.TenantUsageCounters;
import java.io.IOException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes usage from memory to the journal. If the journal cannot be written, usage accumulates in
 * memory, and a crash would lose it. The failure is therefore logged as an error and shown in the
 * service's health until it ends.
 */
public final class Flusher {
  private static final Logger LOG = LoggerFactory.getLogger(Flusher.class);

  private final TenantUsageCounters counters;
  private final Journal journal;
  private final RecurringFailure failure =
      new RecurringFailure(LOG, "Writing usage to the journal");

  /** Creates a flusher from the counters to the journal. */
  public Flusher(TenantUsageCounters counters, Journal journal) {
    this.counters = counters;
    this.journal = journal;
  }

  /** Flushes, and returns whether all usage is in the journal. */
  public boolean flush() {
    var flushed = drain();
    var lost = counters.overflow();
    if (!lost.isEmpty()) {
      LOG.error("Usage lost, too much unwritten usage in memory: {}", lost);
    }
    return flushed;
  }

  private boolean drain() {
    try {
      counters.drain(journal);
      failure.clear();
      return true;
    } catch (IOException e) {
      failure.report(e);
      return false;
    }
  }

  /** Returns the reason for which the last flush failed. */
  public Optional<String> problem() {
    return failure.problem();
  }
}
