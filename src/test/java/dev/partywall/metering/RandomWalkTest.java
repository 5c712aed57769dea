package dev.partywall.metering;

import static dev.partywall.metering.meter.MeteredTenant.first;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.partywall.error.ApiException;
import dev.partywall.local.LocalDynamo;
import dev.partywall.metering.journal.JournalUnusableException;
import dev.partywall.metering.meter.Usage;
import dev.partywall.metering.meter.UsageMeter.KernelMeter;
import dev.partywall.storage.FaultInjectingClient;
import dev.partywall.tenancy.TenantId;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Two instances with one ledger perform random steps: serve, flush, ship, count, crash, and meet
 * outages and lost responses, by a clock that may be set back. A model predicts the ledger: all
 * orders, and all other usage except for usage in memory at a crash, each exactly once.
 */
@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
class RandomWalkTest {
  private static final int STEPS = 120;
  private static final List<TenantId> TENANTS =
      List.of(new TenantId("a"), new TenantId("a-b"), new TenantId("b"));

  private final Map<Usage.TenantHour, Long> requests = new HashMap<>();
  private final Map<Usage.TenantHour, Long> orders = new HashMap<>();
  private @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void matchesTheModel(long seed, LocalDynamo dynamo) throws Exception {
    try (var fixture = new MeteringFixture(dynamo)) {
      var instances =
          new SimulatedInstance[] {
            new SimulatedInstance(fixture, "one"), new SimulatedInstance(fixture, "two")
          };
      var random = new Random(seed);
      for (var step = 0; step < STEPS; step++) {
        instances[random.nextInt(2)].step(random);
      }
      for (var simulated : instances) {
        simulated.end();
      }
      assertLedger(fixture);
    }
  }

  private void assertLedger(MeteringFixture fixture) {
    requests.forEach((tenantHour, count) ->
        assertEquals(
            count,
            fixture.ledgerAmount(tenantHour.tenant().id(), tenantHour.hour(), KernelMeter.REQUESTS),
            tenantHour::toString));
    orders.forEach((tenantHour, count) ->
        assertEquals(
            count,
            fixture.ledgerAmount(
                tenantHour.tenant().id(), tenantHour.hour(), MeteringFixture.ORDERS_PLACED),
            tenantHour::toString));
  }

  /** Runs one instance after the other in the same folder, and models the usage in memory. */
  private final class SimulatedInstance {
    private final MeteringFixture fixture;
    private final String name;
    private final Map<Usage.TenantHour, Long> inMemory = new HashMap<>();
    private ManualInstance instance;

    SimulatedInstance(MeteringFixture fixture, String name) throws JournalUnusableException {
      this.fixture = fixture;
      this.name = name;
      this.instance = start();
    }

    void step(Random random) throws Exception {
      var tenant = TENANTS.get(random.nextInt(TENANTS.size()));
      switch (random.nextInt(12)) {
        case 0, 1, 2 -> request(tenant);
        case 3, 4 -> place(tenant);
        case 5, 6 -> flush();
        case 7 -> instance.shipper.ship();
        case 8 -> instance.countWrites();
        case 9 -> crash();
        case 10 -> outage(random.nextBoolean());
        default -> pass(Duration.ofMinutes(random.nextInt(-30, 60)));
      }
    }

    /** Flushes and ships all remaining usage. */
    void end() throws IOException {
      flush();
      instance.shipper.ship();
      instance.shipper.ship();
      instance.countWrites();
      instance.close();
    }

    private void request(TenantId tenant) {
      instance.addRequest(tenant);
      inMemory.merge(slot(tenant), 1L, Long::sum);
    }

    private void place(TenantId tenant) {
      instance.placeOrder(tenant);
      orders.merge(slot(tenant), 1L, Long::sum);
    }

    private void flush() {
      instance.flusher.flush();
      inMemory.forEach((tenantHour, count) -> requests.merge(tenantHour, count, Long::sum));
      inMemory.clear();
    }

    private void crash() throws Exception {
      inMemory.clear();
      instance.close();
      instance = start();
    }

    /** Simulates a lost response or a rejected call. Neither may affect the result. */
    private void outage(boolean executed) {
      fixture.faultInjector.handleWith(
          executed
              ? FaultInjectingClient.LOSE_REPLY
              : FaultInjectingClient.replyWithError(500, "InternalServerError"));
      instance.shipper.ship();
      try {
        instance.countWrites();
      } catch (ApiException _) {
        // The next run repeats the count.
      }
      fixture.faultInjector.handleWith(FaultInjectingClient.FORWARD);
    }

    private void pass(Duration time) {
      fixture.clock.advance(time);
      fixture.nanoClock.addAndGet(time.abs().toNanos());
      instance.hourCloser.closeHours();
    }

    private Usage.TenantHour slot(TenantId tenant) {
      return new Usage.TenantHour(first(tenant), Usage.startOfHour(fixture.clock.instant()));
    }

    private ManualInstance start() throws JournalUnusableException {
      return new ManualInstance(fixture, folder.resolve(name));
    }
  }
}
