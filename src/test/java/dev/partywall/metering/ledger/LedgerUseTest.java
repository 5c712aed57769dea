package dev.partywall.metering.ledger;

import static dev.partywall.metering.meter.MeteredTenant.first;
import static dev.partywall.metering.meter.UsageSamples.ACME;
import static dev.partywall.metering.meter.UsageSamples.EIGHT;
import static dev.partywall.metering.meter.UsageSamples.NINE;
import static dev.partywall.metering.meter.UsageSamples.requests;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.partywall.local.LocalDynamo;
import dev.partywall.metering.MeteringFixture;
import dev.partywall.metering.journal.Batch;
import dev.partywall.metering.meter.Amounts;
import dev.partywall.metering.meter.MeteredTenant;
import dev.partywall.metering.meter.OperationMeter;
import dev.partywall.metering.meter.Usage;
import dev.partywall.metering.meter.UsageMeter;
import dev.partywall.metering.meter.UsageMeter.KernelMeter;
import dev.partywall.storage.Attributes;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
class LedgerUseTest {
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
  void keepsTheIncarnationsOfATenantApart() {
    var second = new MeteredTenant(ACME, 2);
    fixture.ledger.ship(batch(requests(ACME, EIGHT, 1)));
    fixture.ledger.ship(batch(Usage.of(second, EIGHT, Amounts.of(KernelMeter.REQUESTS, 5))));
    fixture.ledger.setCount(new Usage.TenantHour(second, EIGHT), MeteringFixture.ORDERS_PLACED, 2);
    var amounts = Map.of(KernelMeter.REQUESTS, 5L, MeteringFixture.ORDERS_PLACED, 2L);
    assertEquals(List.of(requests(ACME, EIGHT, 1)), fixture.ledger.usage(first(ACME), EIGHT, NINE));
    assertEquals(
        List.of(Usage.of(second, EIGHT, Amounts.of(amounts))),
        fixture.ledger.usage(second, EIGHT, NINE));
    assertEquals(Set.of(first(ACME), second), fixture.ledger.tenants(EIGHT, NINE));
    assertEquals(
        AttributeValue.fromS("acme.2"),
        LedgerItem.hourItemKey(new Usage.TenantHour(second, EIGHT)).get(Attributes.PARTITION_KEY));
  }

  @Test
  void keepsTheLastRequestAndTheUsesOfAnHour() {
    var route = UsageMeter.route("GET", "/orders/{id}");
    var uses = Amounts.of(Map.of(KernelMeter.REQUESTS, 2L, route, 2L));
    var usage = Usage.of(first(ACME), EIGHT, uses);
    assertEquals(Optional.empty(), fixture.ledger.lastRequestAt(first(ACME)));
    fixture.ledger.ship(batch(usage.withLastRequestAt(EIGHT.plusSeconds(5))));
    fixture.ledger.ship(batch(usage.withLastRequestAt(EIGHT.plusSeconds(9))));
    var found = fixture.ledger.usage(first(ACME), EIGHT, NINE).getFirst();
    assertEquals(4, found.amounts().steps(route));
    assertEquals(Optional.of(EIGHT.plusSeconds(9)), fixture.ledger.lastRequestAt(first(ACME)));
    assertEquals(Optional.empty(), fixture.ledger.lastRequestAt(new MeteredTenant(ACME, 2)));
    fixture.ledger.setCount(
        new Usage.TenantHour(first(ACME), NINE), MeteringFixture.ORDERS_PLACED, 1);
    assertEquals(Optional.of(EIGHT.plusSeconds(9)), fixture.ledger.lastRequestAt(first(ACME)));
  }

  @Test
  void theLastRequestOfAnEarlierReleaseIsTheStartOfItsHour() {
    fixture.ledger.ship(batch(requests(ACME, EIGHT, 1)));
    assertEquals(Optional.of(EIGHT), fixture.ledger.lastRequestAt(first(ACME)));
  }

  @Test
  void shipsAnHourWithTheMostUsesAndTheLongestNames() {
    var steps = new HashMap<UsageMeter, Long>();
    for (var meter : KernelMeter.values()) {
      steps.put(meter, 1_000_000L);
    }
    OperationMeter.ALL.forEach(meter -> steps.put(meter, 1_000_000L));
    for (var i = 100; i < 300; i++) {
      steps.put(UsageMeter.feature("featurewiththelongestnameofal" + i), 1L);
    }
    var usage = Usage.of(first(ACME), EIGHT, Amounts.of(steps)).withTier("premium");
    fixture.clock.advance(Duration.ofHours(2)); // late: the longest expression
    fixture.ledger.ship(batch(usage.withLastRequestAt(EIGHT)));
    assertEquals(
        Amounts.of(steps), fixture.ledger.usage(first(ACME), EIGHT, NINE).getFirst().amounts());
  }

  private static Batch batch(Usage... usage) {
    return new Batch(UUID.randomUUID(), 0, List.of(usage));
  }
}
