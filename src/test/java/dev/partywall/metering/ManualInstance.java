package dev.partywall.metering;

import dev.partywall.metering.counting.HourCloser;
import dev.partywall.metering.counting.HourlyCounts;
import dev.partywall.metering.counting.WriteCounting;
import dev.partywall.metering.journal.Flusher;
import dev.partywall.metering.journal.Journal;
import dev.partywall.metering.journal.JournalUnusableException;
import dev.partywall.metering.journal.Shipper;
import dev.partywall.metering.ledger.DailyRequests;
import dev.partywall.metering.meter.TenantUsageCounters;
import dev.partywall.metering.meter.UsageSamples;
import dev.partywall.metering.quota.DayOpener;
import dev.partywall.storage.Ids;
import dev.partywall.storage.TenantTable;
import dev.partywall.tenancy.TenantId;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.UUID;

/** An instance that a test steps manually and crashes. */
final class ManualInstance implements AutoCloseable {
  private final HourlyCounts counts;
  private final InstantSource clock;
  private final Ids ids = new Ids(new SecureRandom());
  final Journal journal;
  final TenantUsageCounters counters;
  final Flusher flusher;
  final Shipper shipper;
  final WriteCounting writeCounting;
  final HourCloser hourCloser;
  final TenantTable orders;

  ManualInstance(MeteringFixture fixture, Path folder) throws JournalUnusableException {
    this(fixture, fixture.hourlyCounts, folder);
  }

  ManualInstance(MeteringFixture fixture, HourlyCounts counts, Path folder)
      throws JournalUnusableException {
    this.counts = counts;
    clock = fixture.clock;
    journal = Journal.open(folder, UUID::randomUUID, fixture.clock);
    counters = new TenantUsageCounters(fixture.clock, 1000);
    flusher = new Flusher(counters, journal);
    var destination =
        new DayOpener(
            fixture.ledger()::ship,
            new DailyRequests(fixture.ledger),
            UUID::randomUUID,
            fixture.nanoClock::get);
    shipper = new Shipper(journal, destination, fixture.clock);
    writeCounting =
        new WriteCounting(
            fixture.uncountedHours, UUID::randomUUID, fixture.clock, fixture.nanoClock::get);
    hourCloser =
        new HourCloser(fixture.uncountedHours, counts, fixture.clock, fixture.nanoClock::get);
    orders = fixture.ordersTable(writeCounting);
  }

  void addRequest(TenantId tenant) {
    UsageSamples.addRequest(counters, tenant);
  }

  void placeOrder(TenantId tenant) {
    MeteringFixture.placeOrder(orders, tenant, ids.next(clock.instant()));
  }

  void countWrites() {
    hourCloser.catchUp();
    writeCounting.count(counts);
  }

  /** Simulates a crash: memory and lock are lost, files remain. */
  @Override
  public void close() throws IOException {
    journal.close();
  }
}
