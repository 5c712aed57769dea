package dev.partywall.metering;

import dev.partywall.http.Refused;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the journal's segments to the ledger. A segment is only deleted when all of its batches
 * are in; a crash before that ships it again, and the ledger finds that it has them.
 *
 * <p>While the ledger is away the open segment goes on to grow, so that a long outage leaves few
 * files, in which a tenant's hour is added up before it is shipped.
 */
final class Shipper {
  /** Less than {@link Ledger#BATCHES_KNOWN}: an older segment could be counted twice. */
  static final Duration SHIPPED_WITHIN = Duration.ofDays(30);

  private static final Logger LOG = LoggerFactory.getLogger(Shipper.class);
  private static final long LARGE = 16L << 20;

  private final Journal journal;
  private final Ledger ledger;
  private final InstantSource clock;
  private final Trouble trouble = new Trouble("usage can't be shipped to the ledger");
  private volatile @Nullable Instant lastShipped;

  Shipper(Journal journal, Ledger ledger, InstantSource clock) {
    this.journal = journal;
    this.ledger = ledger;
    this.clock = clock;
  }

  /** Ships what there is; what can't be shipped now stays for the next time. */
  void ship() {
    var failures = 0;
    for (var file : ready()) {
      try {
        ship(file);
      } catch (Refused e) {
        // The ledger is away: it would be for the others too.
        trouble.met(e);
        return;
      } catch (IOException | RuntimeException e) {
        trouble.met(e);
        failures++;
      }
    }
    if (failures == 0) {
      lastShipped = clock.instant();
      trouble.over();
    }
  }

  /** When all that was ready to be shipped was last in the ledger. */
  Optional<Instant> lastShipped() {
    return Optional.ofNullable(lastShipped);
  }

  Optional<String> problem() {
    return trouble.problem();
  }

  private List<Path> ready() {
    try {
      if (journal.sealed().isEmpty() || journal.openBytes() > LARGE) {
        journal.seal();
      }
    } catch (IOException e) {
      // It counts as sealed all the same: what was appended can be read back.
      LOG.error("a segment of the journal did not close", e);
    }
    return journal.sealed();
  }

  private void ship(Path file) throws IOException {
    var segment = Segment.read(file);
    if (segment.header().begun().isBefore(clock.instant().minus(SHIPPED_WITHIN))) {
      journal.putAside(file, "stale");
      return;
    }
    Batch.of(segment).forEach(ledger::ship);
    if (segment.damaged()) {
      journal.putAside(file, "damaged");
    } else {
      journal.discard(file, segment.tornBytes());
    }
  }
}
