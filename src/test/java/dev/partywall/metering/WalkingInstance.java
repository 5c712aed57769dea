package dev.partywall.metering;

import dev.partywall.storage.TenantTable;
import dev.partywall.tenancy.TenantId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.UUID;

/** An instance that a test drives by hand, and lets crash. */
final class WalkingInstance implements AutoCloseable {
  private final Books books;
  final Journal journal;
  final Tallies tallies;
  final Flusher flusher;
  final Shipper shipper;
  final OrdersPlaced placed;
  final ClosingHours closing;
  final TenantTable orders;

  WalkingInstance(Books books, Path folder) throws JournalUnusable {
    this.books = books;
    journal = Journal.open(folder, UUID::randomUUID, books.clock);
    tallies = new Tallies(books.clock, 1000);
    flusher = new Flusher(tallies, journal);
    shipper = new Shipper(journal, books.ledger(), books.clock);
    placed = new OrdersPlaced(books.open, UUID::randomUUID, books.nanos::get);
    closing = new ClosingHours(books.open, books.counts, books.clock, books.nanos::get);
    orders = books.orders(placed);
  }

  void request(TenantId tenant) {
    var tally = tallies.enter(tenant);
    tally.request();
    tally.leave();
  }

  void place(TenantId tenant) {
    Books.place(orders, tenant);
  }

  void count() {
    closing.catchUp();
    placed.count(books.counts);
  }

  /** What is in memory is gone, and so is the lock; what is on the disk stays. */
  @Override
  public void close() throws IOException {
    journal.close();
  }
}
