package dev.partywall.metering.journal;

import dev.partywall.concurrent.Backoff;
import dev.partywall.concurrent.RecurringFailure;
import dev.partywall.error.ApiException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ships the journal's segments to the ledger. A segment is deleted only after all of its batches
 * are in the ledger. After a crash before that, it is shipped again, and the ledger ignores the
 * batches that it has.
 *
 * <p>While the ledger is unavailable, the open segment keeps growing. So a long outage leaves few
 * files, and a tenant's hour is summed before it is shipped. A segment that fails alone blocks no
 * other: it is kept, named in the status and retried.
 */
public final class Shipper {
  /**
   * The maximum age of a segment that is shipped. Shorter than the time for which the ledger keeps
   * the ids of batches: an older segment could be counted twice.
   */
  public static final Duration MAX_SEGMENT_AGE = Duration.ofDays(30);

  private static final Logger LOG = LoggerFactory.getLogger(Shipper.class);
  private static final long MAX_OPEN_BYTES = 16L << 20;

  /**
   * The maximum number of stuck segments. Beyond it, the cause is not a single segment, and the
   * open segment stays open to limit the number of files.
   */
  private static final int MAX_STUCK = 16;

  private final Journal journal;
  private final BatchDestination ledger;
  private final InstantSource clock;
  private final RecurringFailure ledgerFailure =
      new RecurringFailure(LOG, "Shipping usage to the ledger");
  private final Map<Path, StuckSegment> stuck = new ConcurrentSkipListMap<>();
  private volatile boolean stopped;
  private volatile @Nullable Instant lastShipped;

  /** A destination for batches: the ledger. */
  @FunctionalInterface
  public interface BatchDestination {
    /**
     * Adds a batch unless it was added before.
     *
     * @throws ApiException if the destination is unavailable; it would take no other batch either
     * @throws RuntimeException if the destination rejects this batch
     */
    void ship(Batch batch);
  }

  /**
   * A segment that could not be shipped although the ledger is available. It is kept and retried
   * with increasing delays: each attempt costs write units for the batches that the ledger already
   * has.
   */
  private static final class StuckSegment {
    private static final Backoff RETRY_DELAY =
        new Backoff(Duration.ofSeconds(4), Duration.ofMinutes(10), 0);

    private final RecurringFailure failure;
    private int failures;
    private Instant nextAttempt = Instant.MIN;

    StuckSegment(Path file) {
      failure = new RecurringFailure(LOG, "Shipping journal segment " + file.getFileName());
    }

    void report(Exception e, Instant now) {
      failure.report(e);
      failures++;
      nextAttempt = now.plus(RETRY_DELAY.delay(failures, 0));
    }

    boolean isRetryDue(Instant now) {
      return !now.isBefore(nextAttempt);
    }
  }

  /** Creates a shipper from the journal to the ledger. */
  public Shipper(Journal journal, BatchDestination ledger, InstantSource clock) {
    this.journal = journal;
    this.ledger = ledger;
    this.clock = clock;
  }

  /** Ships all segments that are ready. A failed segment is retried later. */
  public void ship() {
    try {
      shipReady();
    } catch (ApiException e) {
      // The ledger is unavailable, so the other segments would fail as well.
      ledgerFailure.report(e);
    }
  }

  private void shipReady() {
    for (var file : ready()) {
      attempt(file);
      if (stopped) {
        return;
      }
    }
    ledgerFailure.clear();
    if (stuck.isEmpty()) {
      lastShipped = clock.instant();
    }
  }

  private void attempt(Path file) {
    try {
      ship(file);
      clearFailure(file);
    } catch (ApiException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      stuck.computeIfAbsent(file, StuckSegment::new).report(e, clock.instant());
    }
  }

  /** Stops after the current batch. No further segment is started. */
  public void stop() {
    stopped = true;
  }

  /** Returns the time at which all ready segments were last in the ledger. */
  public Optional<Instant> lastShipped() {
    return Optional.ofNullable(lastShipped);
  }

  /** Returns whether the ledger was unavailable at the last attempt. */
  public boolean isLedgerUnavailable() {
    return ledgerFailure.problem().isPresent();
  }

  /** Returns the problems of the ledger and of single segments. */
  public List<String> problems() {
    return Stream.concat(
            ledgerFailure.problem().stream(),
            stuck.values().stream().flatMap(segment -> segment.failure.problem().stream()))
        .toList();
  }

  private List<Path> ready() {
    sealIfDue();
    var now = clock.instant();
    return journal.sealed().stream().filter(file -> isDue(file, now)).toList();
  }

  private void sealIfDue() {
    try {
      var sealed = journal.sealed();
      var allStuck = stuck.keySet().containsAll(sealed) && stuck.size() < MAX_STUCK;
      if (allStuck || journal.openBytes() > MAX_OPEN_BYTES) {
        journal.seal();
      }
    } catch (IOException e) {
      // The segment is sealed nevertheless: its records can be read.
      LOG.error("Closing a journal segment failed", e);
    }
  }

  private boolean isDue(Path file, Instant now) {
    var failed = stuck.get(file);
    return failed == null || failed.isRetryDue(now);
  }

  private void clearFailure(Path file) {
    var failed = stuck.remove(file);
    if (failed != null) {
      failed.failure.clear();
    }
  }

  private void ship(Path file) throws IOException {
    var segment = Segment.read(file);
    if (segment.header().createdAt().isBefore(clock.instant().minus(MAX_SEGMENT_AGE))) {
      journal.setAside(file, "stale");
      return;
    }
    shipAll(Batch.of(segment));
    if (stopped) {
      return;
    }
    if (segment.isComplete()) {
      journal.discard(file);
    } else {
      journal.setAside(file, segment.damaged() ? "damaged" : "torn");
    }
  }

  /** Ships all batches. A rejected batch does not block the others. */
  private void shipAll(List<Batch> batches) {
    RuntimeException failure = null;
    for (var batch : batches) {
      if (stopped) {
        return;
      }
      try {
        ledger.ship(batch);
      } catch (ApiException e) {
        throw e;
      } catch (RuntimeException e) {
        failure = failure == null ? e : failure;
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
