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
import dev.partywall.metering.meter.Usage;
import dev.partywall.metering.meter.UsageMeter;
import dev.partywall.metering.meter.UsageMeter.KernelMeter;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Tests the parts of an hour that are not amounts: its tier, and its late usage. */
@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
class LedgerHourTest {
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
  void aLatePartChangesNeitherTheLastRequestNorContainsUses() {
    var route = UsageMeter.route("GET", "/orders");
    var usage =
        Usage.of(first(ACME), EIGHT, Amounts.of(Map.of(KernelMeter.REQUESTS, 1L, route, 1L)));
    fixture.ledger.ship(
        new Batch(new UUID(7, 7), 0, List.of(usage.withLastRequestAt(EIGHT.plusSeconds(9)))));
    fixture.clock.advance(Duration.ofHours(2));
    fixture.ledger.ship(
        new Batch(new UUID(8, 8), 0, List.of(usage.withLastRequestAt(EIGHT.plusSeconds(5)))));
    var hour = fixture.ledger.hours(first(ACME), EIGHT, NINE).getFirst();
    assertEquals(Optional.of(EIGHT.plusSeconds(9)), hour.usage().lastRequestAt());
    assertEquals(2, hour.usage().amounts().steps(route));
    assertEquals(Amounts.of(KernelMeter.REQUESTS, 1), hour.late().getFirst().amounts());
  }

  @Test
  void theFirstBatchWithATierDeterminesTheTierOfAnHour() {
    var hour = requests(ACME, EIGHT, 1);
    fixture.ledger.setCount(hour.tenantHour(), MeteringFixture.ORDERS_PLACED, 1);
    fixture.ledger.ship(batch(hour));
    assertEquals(Optional.empty(), onlyHour().usage().tier());
    fixture.ledger.ship(batch(hour.withTier("premium")));
    fixture.ledger().ship(batch(hour.withTier("free")));
    fixture.ledger.ship(batch(hour));
    assertEquals(Optional.of("premium"), onlyHour().usage().tier());
    assertEquals(4, fixture.ledgerAmount(ACME, EIGHT, KernelMeter.REQUESTS));
  }

  @Test
  void recordsTheTimeOfTheLastChangeBeforeAnHourIsLate() {
    fixture.ledger.ship(batch(requests(ACME, EIGHT, 1)));
    assertEquals(fixture.clock.instant(), onlyHour().changedAt());
    fixture.clock.advance(Duration.ofMinutes(30));
    fixture.ledger.setCount(
        new Usage.TenantHour(first(ACME), EIGHT), MeteringFixture.ORDERS_PLACED, 1);
    var last = fixture.clock.instant();
    assertEquals(last, onlyHour().changedAt());
    fixture.clock.advance(Duration.ofHours(1));
    fixture.ledger.ship(batch(requests(ACME, EIGHT, 1)));
    fixture.ledger.setCount(
        new Usage.TenantHour(first(ACME), EIGHT), MeteringFixture.ORDERS_PLACED, 2);
    assertEquals(last, onlyHour().changedAt());
  }

  @Test
  void keepsUsageApartThatIsLate() {
    var hour = new Usage.TenantHour(first(ACME), EIGHT);
    fixture.ledger.ship(batch(requests(ACME, EIGHT, 5)));
    fixture.ledger.setCount(hour, MeteringFixture.ORDERS_PLACED, 2);
    fixture.clock.advance(Duration.ofMinutes(31)); // 9:30:50
    var segment = UUID.fromString("0d5c1f2e-7a51-4d6f-9d35-5b1f0c2a9e11");
    var late = new Batch(segment, 3, List.of(requests(ACME, EIGHT, 4)));
    fixture.ledger.ship(late);
    fixture.ledger.ship(late);
    fixture.ledger.setCount(hour, MeteringFixture.ORDERS_PLACED, 7);
    fixture.ledger.setCount(hour, MeteringFixture.ORDERS_PLACED, 7);
    fixture.ledger.setCount(hour, MeteringFixture.ORDERS_PLACED, 6);
    var found = onlyHour();
    var at = fixture.clock.instant();
    assertEquals(
        Amounts.of(Map.of(KernelMeter.REQUESTS, 9L, MeteringFixture.ORDERS_PLACED, 7L)),
        found.usage().amounts());
    assertEquals(
        Amounts.of(Map.of(KernelMeter.REQUESTS, 5L, MeteringFixture.ORDERS_PLACED, 2L)),
        found.onTime());
    assertEquals(
        List.of(
            new LateUsage(segment + ".3", at, Amounts.of(KernelMeter.REQUESTS, 4)),
            new LateUsage("ordersPlaced.7", at, Amounts.of(MeteringFixture.ORDERS_PLACED, 5))),
        found.late());
  }

  @Test
  void aFirstCountCanBeLate() {
    fixture.clock.advance(Duration.ofMinutes(31));
    fixture.ledger.setCount(
        new Usage.TenantHour(first(ACME), EIGHT), MeteringFixture.ORDERS_PLACED, 3);
    assertEquals(Amounts.ZERO, onlyHour().onTime());
    assertEquals(3, fixture.ledgerAmount(ACME, EIGHT, MeteringFixture.ORDERS_PLACED));
  }

  @Test
  void usageIsOnTimeForNinetyMinutes() {
    fixture.clock.advance(Duration.ofMinutes(30).plusMillis(9_999)); // 9:29:59.999
    fixture.ledger.ship(batch(requests(ACME, EIGHT, 5)));
    fixture.ledger.setCount(
        new Usage.TenantHour(first(ACME), EIGHT), MeteringFixture.ORDERS_PLACED, 2);
    assertEquals(List.of(), onlyHour().late());
    fixture.clock.advance(Duration.ofMillis(1));
    fixture.ledger.ship(batch(requests(ACME, EIGHT, 5)));
    assertEquals(1, onlyHour().late().size());
  }

  /** Release 0.1.0 wrote neither a tier nor the time of a change. */
  @Test
  void readsTheHoursOfEarlierReleases() {
    var item =
        Map.of(
            "pk", AttributeValue.fromS("acme"),
            "sk", AttributeValue.fromS("hour#2026-11-24T08"),
            "f", AttributeValue.fromN("1"),
            "requests", AttributeValue.fromN("12"),
            "ordersPlaced", AttributeValue.fromN("3"));
    fixture.client.putItem(put -> put.tableName(fixture.prefix + "usage").item(item));
    var amounts = Amounts.of(Map.of(KernelMeter.REQUESTS, 12L, MeteringFixture.ORDERS_PLACED, 3L));
    var expected = new LedgerHour(Usage.of(first(ACME), EIGHT, amounts), NINE, List.of());
    assertEquals(List.of(expected), fixture.ledger.hours(first(ACME), EIGHT, NINE));
  }

  /** Returns the hour of acme at eight. */
  private LedgerHour onlyHour() {
    return fixture.ledger.hours(first(ACME), EIGHT, NINE).getFirst();
  }

  private static Batch batch(Usage... usage) {
    return new Batch(UUID.randomUUID(), 0, List.of(usage));
  }
}
