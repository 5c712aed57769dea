package dev.partywall.metering;

import dev.partywall.http.Refused;
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
 * Brings the journal's segments to the ledger. A segment is only deleted when all of its batches
 * are in; a crash before that ships it again, and the ledger finds that it has them.
 *
 * <p>While the ledger is away the open segment goes on to grow, so that a long outage leaves few
 * files, in which a tenant's hour is added up before it is shipped. A segment that can't be shipped
 * while others can holds up none of them: it stays, is named, and is tried again.
 */
final class Shipper {
  /** Less than {@link Ledger#BATCHES_KNOWN}: an older segment could be counted twice. */
  static final Duration SHIPPED_WITHIN = Duration.ofDays(30);

  private static final Logger LOG = LoggerFactory.getLogger(Shipper.class);
  private static final long LARGE = 16L << 20;

  /** Of segments that are stuck. With more of them it is no segment's fault: files stay few. */
  private static final int MOST_STUCK = 16;

  private final Journal journal;
  private final Ledger ledger;
  private final InstantSource clock;
  private final Trouble away = new Trouble("usage can't be shipped to the ledger");
  private final Map<Path, StuckSegment> stuck = new ConcurrentSkipListMap<>();
  private volatile boolean stopped;
  private volatile @Nullable Instant lastShipped;

  Shipper(Journal journal, Ledger ledger, InstantSource clock) {
    this.journal = journal;
    this.ledger = ledger;
    this.clock = clock;
  }

  /** Ships what there is; what can't be shipped now stays for the next time. */
  void ship() {
    for (var file : ready()) {
      try {
        ship(file);
        settle(file);
      } catch (Refused e) {
        // The ledger is away: it would be for the others too.
        away.met(e);
        return;
      } catch (IOException | RuntimeException e) {
        stuck
            .computeIfAbsent(file, it -> new StuckSegment(String.valueOf(it.getFileName())))
            .met(e, clock.instant());
      }
      if (stopped) {
        return;
      }
    }
    away.over();
    if (stuck.isEmpty()) {
      lastShipped = clock.instant();
    }
  }

  /** Ends what is under way after the next batch, and lets nothing begin. */
  void stop() {
    stopped = true;
  }

  /** When all that was ready to be shipped was last in the ledger. */
  Optional<Instant> lastShipped() {
    return Optional.ofNullable(lastShipped);
  }

  /** Whether the ledger did not answer when it was asked last. */
  boolean isAway() {
    return away.problem().isPresent();
  }

  /** What is wrong: with the ledger, and with which segments. */
  List<String> problems() {
    return Stream.concat(
            away.problem().stream(), stuck.values().stream().flatMap(it -> it.problem().stream()))
        .toList();
  }

  private List<Path> ready() {
    try {
      var waiting = journal.sealed();
      var allStuck = stuck.keySet().containsAll(waiting) && stuck.size() < MOST_STUCK;
      if (allStuck || journal.openBytes() > LARGE) {
        journal.seal();
      }
    } catch (IOException e) {
      // It counts as sealed all the same: what was appended can be read back.
      LOG.error("a segment of the journal did not close", e);
    }
    var now = clock.instant();
    return journal.sealed().stream().filter(file -> isDue(file, now)).toList();
  }

  private boolean isDue(Path file, Instant now) {
    var known = stuck.get(file);
    return known == null || known.isDue(now);
  }

  private void settle(Path file) {
    var known = stuck.remove(file);
    if (known != null) {
      known.over();
    }
  }

  private void ship(Path file) throws IOException {
    var segment = Segment.read(file);
    if (segment.header().begun().isBefore(clock.instant().minus(SHIPPED_WITHIN))) {
      journal.putAside(file, "stale");
      return;
    }
    shipAll(Batch.of(segment));
    if (stopped) {
      return;
    }
    if (segment.isWhole()) {
      journal.discard(file);
    } else {
      journal.putAside(file, segment.damaged() ? "damaged" : "torn");
    }
  }

  /** One batch that the ledger does not take keeps no other from it. */
  private void shipAll(List<Batch> batches) {
    RuntimeException failure = null;
    for (var batch : batches) {
      if (stopped) {
        return;
      }
      try {
        ledger.ship(batch);
      } catch (Refused e) {
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
