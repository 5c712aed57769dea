package dev.partywall.metering.counting;

import static dev.partywall.metering.meter.MeteredTenant.first;
import static dev.partywall.metering.meter.UsageSamples.ACME;
import static dev.partywall.metering.meter.UsageSamples.EIGHT;
import static dev.partywall.metering.meter.UsageSamples.GLOBEX;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.partywall.local.LocalDynamo;
import dev.partywall.metering.MeteringFixture;
import dev.partywall.metering.ledger.Ledger;
import dev.partywall.metering.meter.Usage;
import dev.partywall.storage.CountedWrites;
import dev.partywall.storage.TestPlacements;
import dev.partywall.tenancy.Execution;
import dev.partywall.tenancy.Placement;
import dev.partywall.tenancy.Tenant;
import dev.partywall.tenancy.TenantContext;
import dev.partywall.tenancy.TenantLocations;
import dev.partywall.tenancy.TenantStatus;
import dev.partywall.tenancy.TestExecution;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;

@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
class HourlyCountsTest {
  /** A call to DynamoDB, with the execution and whether a tenant was bound. */
  private record Call(Optional<Execution> execution, boolean bound) {}

  @Test
  void countsAndUpdatesTheLedgerInOneExecutionPerTenantHour(LocalDynamo dynamo) throws IOException {
    var calls = new ArrayList<Call>();
    var executions = new ArrayList<Execution>();
    try (var fixture = new MeteringFixture(dynamo);
        var client = fixture.faultInjector.client(List.of(recording(calls)))) {
      var ledger =
          new Ledger(
              client, fixture.prefix, MeteringFixture.METERS, fixture.clock, new SecureRandom());
      var counts =
          new HourlyCounts(
              new CountedWrites(client, new TenantLocations(fixture.prefix + "orders")),
              ledger,
              Tenant::new,
              () -> {
                executions.add(TestExecution.create());
                return executions.getLast();
              });
      for (var tenant : List.of(ACME, GLOBEX)) {
        MeteringFixture.placeOrder(fixture.ordersTable(_ -> {}), tenant);
        counts.updateLedger(new Usage.TenantHour(first(tenant), EIGHT));
      }
      assertEquals(1, fixture.ledgerAmount(ACME, EIGHT, MeteringFixture.ORDERS_PLACED));
    }
    var acme = Optional.of(executions.getFirst());
    var globex = Optional.of(executions.getLast());
    // The query of the tenant's table; the registration of the tenant, and its count.
    assertEquals(
        List.of(
            new Call(acme, true),
            new Call(acme, false),
            new Call(acme, false),
            new Call(globex, true),
            new Call(globex, false),
            new Call(globex, false)),
        calls);
    assertEquals(
        List.of(Optional.of(new Tenant(ACME)), Optional.of(new Tenant(GLOBEX))),
        executions.stream().map(Execution::tenant).toList());
  }

  /** The deletion has counted its hours, and its table does not exist any more. */
  @Test
  void countsNothingOfADeletedSilo(LocalDynamo dynamo) throws IOException {
    var silo = TestPlacements.registration(ACME, new Placement.Silo());
    try (var fixture = new MeteringFixture(dynamo)) {
      fixture.register(silo.withStatus(TenantStatus.OFFBOARDED, silo.updatedAt()));
      var counts = fixture.hourlyCounts(fixture.ledger);
      assertEquals(Map.of(), counts.count(new Usage.TenantHour(first(ACME), EIGHT)));
    }
  }

  private static ExecutionInterceptor recording(List<Call> calls) {
    return new ExecutionInterceptor() {
      @Override
      public void beforeExecution(Context.BeforeExecution context, ExecutionAttributes attributes) {
        calls.add(new Call(Execution.current(), TenantContext.isBound()));
      }
    };
  }
}
