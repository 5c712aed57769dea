package dev.partywall.metering;

import static dev.partywall.metering.meter.UsageSamples.ACME;
import static dev.partywall.metering.meter.UsageSamples.EIGHT;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.partywall.local.LocalDynamo;
import dev.partywall.metering.meter.OperationMeter;
import dev.partywall.metering.meter.RequestMeter;
import dev.partywall.storage.FaultInjectingClient;
import dev.partywall.tenancy.TenantContext;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
class OperationCrashTest {
  @TempDir Path folder;

  /** The first instance crashes after its batch is in the ledger, and without the response. */
  @Test
  void theCapacityThatTwoInstancesConsumeForAnOperationCountsOnceDespiteACrash(LocalDynamo dynamo)
      throws Exception {
    try (var fixture = new MeteringFixture(dynamo)) {
      try (var first = new ManualInstance(fixture, folder.resolve("first"))) {
        consume(first, fixture, 2_000);
        first.flusher.flush();
        fixture.faultInjector.handleOperationWith(
            "TransactWriteItems", FaultInjectingClient.LOSE_REPLY);
        first.shipper.ship();
        fixture.faultInjector.handleOperationWith(
            "TransactWriteItems", FaultInjectingClient.FORWARD);
        assertEquals(2_000, units(fixture));
        assertEquals(1, first.journal.backlog().segments());
        consume(first, fixture, 500); // lost: not flushed
      }
      try (var successor = new ManualInstance(fixture, folder.resolve("second"));
          var restarted = new ManualInstance(fixture, folder.resolve("first"))) {
        consume(successor, fixture, 4_000);
        successor.flusher.flush();
        successor.shipper.ship();
        restarted.shipper.ship();
        assertEquals(0, restarted.journal.backlog().segments());
        assertEquals(6_000, units(fixture));
      }
    }
  }

  private static void consume(ManualInstance instance, MeteringFixture fixture, long thousandths) {
    var operations =
        new RequestMeter(
                instance.counters, fixture.nanoClock::get, MeteringFixture::tierName, _ -> {})
            .operations();
    TenantContext.run(MeteringFixture.tenant(ACME), () -> operations.consumed(thousandths, 0));
  }

  private static long units(MeteringFixture fixture) {
    return fixture.ledgerAmount(ACME, EIGHT, OperationMeter.READ_UNITS);
  }
}
