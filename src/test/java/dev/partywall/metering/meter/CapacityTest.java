package dev.partywall.metering.meter;

import static dev.partywall.metering.meter.MeteredTenant.first;
import static dev.partywall.metering.meter.UsageSamples.ACME;
import static dev.partywall.metering.meter.UsageSamples.EIGHT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.partywall.error.ApiException;
import dev.partywall.local.LocalDynamo;
import dev.partywall.metering.MeteringFixture;
import dev.partywall.metering.counting.HourlyCounts;
import dev.partywall.metering.meter.UsageMeter.KernelMeter;
import dev.partywall.storage.CountedWrites;
import dev.partywall.storage.FaultInjectingClient;
import dev.partywall.storage.Key;
import dev.partywall.storage.Query;
import dev.partywall.tenancy.Tenant;
import dev.partywall.tenancy.TenantContext;
import dev.partywall.tenancy.TenantLocations;
import dev.partywall.tenancy.TestExecution;
import java.io.IOException;
import java.util.ArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Uses the capacity units that DynamoDB reports, here Amazon's local engine. */
@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
class CapacityTest {
  private MeteringFixture fixture;
  private TenantUsageCounters tallies;
  private RequestMeter meter;

  @BeforeEach
  void open(LocalDynamo dynamo) throws IOException {
    fixture = new MeteringFixture(dynamo);
    tallies = new TenantUsageCounters(fixture.clock, 10);
    meter = new RequestMeter(tallies, fixture.nanoClock::get, MeteringFixture::tierName, _ -> {});
  }

  @AfterEach
  void close() throws IOException {
    fixture.close();
  }

  @Test
  void metersReadsAndWritesInTheUnitsThatDynamoReports() throws IOException {
    var orders = fixture.ordersTable(fixture.meteredClient(meter), _ -> {});
    MeteringFixture.placeOrder(orders, ACME);
    var write = drained();
    // The order and its count marker. AWS reports twice as much for a transaction, the local engine
    // does not.
    assertEquals(2000, write.steps(KernelMeter.WRITE_UNITS));
    assertEquals(0, write.steps(KernelMeter.READ_UNITS));
    TenantContext.call(MeteringFixture.tenant(ACME), () -> orders.get(new Key("order", "none")));
    TenantContext.call(MeteringFixture.tenant(ACME), () -> orders.query(Query.all("order", 10)));
    var read = drained();
    assertEquals(2000, read.steps(KernelMeter.READ_UNITS));
    assertEquals(0, read.steps(KernelMeter.WRITE_UNITS));
  }

  @Test
  void metersNothingForAFailedCall() throws IOException {
    var orders = fixture.ordersTable(fixture.meteredClient(meter), _ -> {});
    fixture.faultInjector.handleWith(
        FaultInjectingClient.replyWithError(500, "InternalServerError"));
    var acme = MeteringFixture.tenant(ACME);
    assertThrows(
        ApiException.class,
        () -> TenantContext.call(acme, () -> orders.get(new Key("order", "none"))));
    assertEquals(Amounts.ZERO, drained());
  }

  @Test
  void doesNotChargeTheTenantForCounting() throws IOException {
    var marks =
        new CountedWrites(
            fixture.meteredClient(meter), new TenantLocations(fixture.prefix + "orders"));
    MeteringFixture.placeOrder(fixture.ordersTable(_ -> {}), ACME);
    TenantContext.call(MeteringFixture.tenant(ACME), () -> marks.count("ordersPlaced", EIGHT));
    assertEquals(1000, drained().steps(KernelMeter.READ_UNITS));
    new HourlyCounts(marks, fixture.ledger, Tenant::new, TestExecution::create)
        .count(new Usage.TenantHour(first(ACME), EIGHT));
    assertEquals(Amounts.ZERO, drained());
  }

  private Amounts drained() throws IOException {
    var usage = new ArrayList<Usage>();
    tallies.drain(usage::addAll);
    return usage.stream().map(Usage::amounts).reduce(Amounts.ZERO, Amounts::plus);
  }
}
