package dev.partywall.metering;

import dev.partywall.storage.TenantTable;
import dev.partywall.tenancy.TenantId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.UUID;

/** An instance that a test steps manually and crashes. */
final class WalkingInstance implements AutoCloseable {
  private final Books fixture;
  final Journal journal;
  final Tallies tallies;
  final Flusher flusher;
  final Shipper shipper;
  final OrdersPlaced placed;
  final ClosingHours closing;
  final TenantTable orders;

  WalkingInstance(Books fixture, Path folder) throws JournalUnusable {
    this.fixture = fixture;
    journal = Journal.open(folder, UUID::randomUUID, fixture.clock);
    tallies = new Tallies(fixture.clock, 1000);
    flusher = new Flusher(tallies, journal);
    shipper = new Shipper(journal, fixture.ledger(), fixture.clock);
    placed = new OrdersPlaced(fixture.open, UUID::randomUUID, fixture.nanos::get);
    closing = new ClosingHours(fixture.open, fixture.counts, fixture.clock, fixture.nanos::get);
    orders = fixture.orders(placed);
  }

  void request(TenantId tenant) {
    var counter = tallies.enter(tenant);
    counter.request();
    counter.leave();
  }

  void place(TenantId tenant) {
    Books.place(orders, tenant);
  }

  void count() {
    closing.catchUp();
    placed.count(fixture.counts);
  }

  /** Simulates a crash: memory and lock are lost, files remain. */
  @Override
  public void close() throws IOException {
    journal.close();
  }
}
