package dev.partywall.metering.ledger;

import static dev.partywall.metering.meter.MeteredTenant.first;
import static dev.partywall.metering.meter.UsageSamples.ACME;
import static dev.partywall.metering.meter.UsageSamples.EIGHT;
import static dev.partywall.metering.meter.UsageSamples.NINE;
import static dev.partywall.metering.meter.UsageSamples.requests;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.local.LocalDynamo;
import dev.partywall.metering.MeteringFixture;
import dev.partywall.metering.journal.Batch;
import dev.partywall.metering.meter.Amounts;
import dev.partywall.metering.meter.OperationMeter;
import dev.partywall.metering.meter.Usage;
import dev.partywall.metering.meter.UsageMeter.KernelMeter;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Tests hours with the capacity of operations. */
@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
class OperationHoursTest {
  private MeteringFixture fixture;

  @BeforeEach
  void open(LocalDynamo dynamo) throws IOException {
    fixture = new MeteringFixture(dynamo);
  }

  @AfterEach
  void close() throws IOException {
    fixture.close();
  }

  @Test
  void aRepeatedBatchCountsOnceAndRegistersNoTenant() {
    var batch = batch(operations(EIGHT, 1_500));
    fixture.ledger.ship(batch);
    fixture.ledger.ship(batch);
    fixture.ledger.ship(batch(operations(EIGHT, 500)));
    assertTrue(fixture.ledgerAttribute(ACME, EIGHT, "o_readUnits").isPresent());
    assertEquals(List.of(operations(EIGHT, 2_000)), fixture.ledger.usage(first(ACME), EIGHT, NINE));
    assertEquals(Set.of(), fixture.ledger.tenants(EIGHT, NINE));
    fixture.ledger.ship(batch(requests(ACME, EIGHT, 1)));
    assertEquals(Set.of(first(ACME)), fixture.ledger.tenants(EIGHT, NINE));
  }

  @Test
  void operationsChangeNeitherTheExportedUsageNorTheTimeOfItsChange() {
    fixture.ledger.ship(batch(requests(ACME, EIGHT, 1)));
    var changedAt = fixture.clock.instant();
    fixture.clock.advance(Duration.ofMinutes(1));
    fixture.ledger.ship(batch(operations(EIGHT, 1_000)));
    assertEquals(changedAt, onlyHour().changedAt());
    fixture.clock.advance(Duration.ofHours(2));
    fixture.ledger.ship(batch(operations(EIGHT, 1_000)));
    assertEquals(List.of(), onlyHour().late());
    var both = Amounts.of(Map.of(KernelMeter.REQUESTS, 3L, OperationMeter.READ_UNITS, 1_000L));
    fixture.ledger.ship(batch(Usage.of(first(ACME), EIGHT, both)));
    assertEquals(Amounts.of(KernelMeter.REQUESTS, 3), onlyHour().late().getFirst().amounts());
    assertEquals(3_000, onlyHour().usage().amounts().steps(OperationMeter.READ_UNITS));
  }

  /** An idle tenant is exported in more hours than one query reads. */
  @Test
  void findsTheLastRequestBeforeManyHoursWithOperationsOnly() {
    var hours = new ArrayList<Usage>();
    for (var i = 0; i < 4; i++) {
      hours.add(operations(NINE.plus(Duration.ofHours(i)), 1_000));
    }
    fixture.ledger.ship(new Batch(UUID.randomUUID(), 0, hours));
    assertEquals(Optional.empty(), fixture.ledger.lastRequestAt(first(ACME)));
    fixture.ledger.ship(batch(requests(ACME, EIGHT, 1).withLastRequestAt(EIGHT.plusSeconds(7))));
    assertEquals(Optional.of(EIGHT.plusSeconds(7)), fixture.ledger.lastRequestAt(first(ACME)));
    for (var day = 1; day <= 5; day++) {
      var start = NINE.plus(Duration.ofDays(day));
      hours.clear();
      for (var i = 0; i < 24; i++) {
        hours.add(operations(start.plus(Duration.ofHours(i)), 1_000));
      }
      fixture.ledger.ship(new Batch(UUID.randomUUID(), 0, hours));
    }
    assertEquals(Optional.of(EIGHT.plusSeconds(7)), fixture.ledger.lastRequestAt(first(ACME)));
  }

  private LedgerHour onlyHour() {
    return fixture.ledger.hours(first(ACME), EIGHT, NINE).getFirst();
  }

  private static Usage operations(Instant hour, long reads) {
    return Usage.of(first(ACME), hour, Amounts.of(OperationMeter.READ_UNITS, reads));
  }

  private static Batch batch(Usage usage) {
    return new Batch(UUID.randomUUID(), 0, List.of(usage));
  }
}
