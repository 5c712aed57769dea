package dev.partywall.metering.meter;

import static dev.partywall.metering.meter.UsageSamples.ACME;
import static dev.partywall.metering.meter.UsageSamples.EIGHT;
import static dev.partywall.metering.meter.UsageSamples.NINE;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.partywall.metering.MeteringFixture;
import dev.partywall.storage.CapacityListener;
import dev.partywall.storage.ShiftedClock;
import dev.partywall.tenancy.Tenant;
import dev.partywall.tenancy.TenantContext;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OperationMeterTest {
  private static final MeteredTenant SECOND = new MeteredTenant(ACME, 2);

  private final ShiftedClock clock = new ShiftedClock(EIGHT.plusSeconds(3599));
  private final TenantUsageCounters counters = new TenantUsageCounters(clock, 100);
  private final CapacityListener operations =
      new RequestMeter(counters, () -> 0, MeteringFixture::tierName, _ -> {}).operations();

  @Test
  void countsForTheIncarnationInTheHourOfEachCallWithoutATier() throws IOException {
    var acme = new Tenant(MeteringFixture.record(ACME, "premium", 2));
    TenantContext.run(acme, () -> operations.consumed(1_500, 0));
    TenantContext.run(acme, () -> operations.consumed(500, 6_000));
    assertEquals(List.of(Usage.of(SECOND, EIGHT, amounts(2_000, 6_000))), drained());
    assertEquals(List.of(), drained());
    clock.advance(Duration.ofSeconds(1));
    TenantContext.run(acme, () -> operations.consumed(0, 1_000));
    assertEquals(List.of(Usage.of(SECOND, NINE, amounts(0, 1_000))), drained());
  }

  @Test
  void ignoresCallsWithoutATenant() throws IOException {
    operations.consumed(1_000, 1_000);
    assertEquals(List.of(), drained());
  }

  private static Amounts amounts(long reads, long writes) {
    return Amounts.of(
        Map.of(
            UsageMeter.stored("o_readUnits", 3), reads,
            UsageMeter.stored("o_writeUnits", 3), writes));
  }

  private List<Usage> drained() throws IOException {
    var usage = new ArrayList<Usage>();
    counters.drain(usage::addAll);
    return usage;
  }
}
