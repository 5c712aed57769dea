package dev.partywall.metering;

import dev.partywall.metering.counting.HourCloser;
import dev.partywall.metering.counting.OrderCounting;
import dev.partywall.metering.journal.Flusher;
import dev.partywall.metering.journal.Journal;
import dev.partywall.metering.journal.JournalUnusableException;
import dev.partywall.metering.journal.Shipper;
import dev.partywall.metering.meter.TenantUsageCounters;
import dev.partywall.metering.meter.UsageSamples;
import dev.partywall.storage.TenantTable;
import dev.partywall.tenancy.TenantId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.UUID;

/** An instance that a test steps manually and crashes. */
final class ManualInstance implements AutoCloseable {
  private final MeteringFixture fixture;
  final Journal journal;
  final TenantUsageCounters counters;
  final Flusher flusher;
  final Shipper shipper;
  final OrderCounting orderCounting;
  final HourCloser hourCloser;
  final TenantTable orders;

  ManualInstance(MeteringFixture fixture, Path folder) throws JournalUnusableException {
    this.fixture = fixture;
    journal = Journal.open(folder, UUID::randomUUID, fixture.clock);
    counters = new TenantUsageCounters(fixture.clock, 1000);
    flusher = new Flusher(counters, journal);
    shipper = new Shipper(journal, fixture.ledger()::ship, fixture.clock);
    orderCounting =
        new OrderCounting(fixture.uncountedHours, UUID::randomUUID, fixture.nanoClock::get);
    hourCloser =
        new HourCloser(
            fixture.uncountedHours, fixture.orderCount, fixture.clock, fixture.nanoClock::get);
    orders = fixture.ordersTable(orderCounting);
  }

  void addRequest(TenantId tenant) {
    UsageSamples.addRequest(counters, tenant);
  }

  void placeOrder(TenantId tenant) {
    MeteringFixture.placeOrder(orders, tenant);
  }

  void countOrders() {
    hourCloser.catchUp();
    orderCounting.count(fixture.orderCount);
  }

  /** Simulates a crash: memory and lock are lost, files remain. */
  @Override
  public void close() throws IOException {
    journal.close();
  }
}
