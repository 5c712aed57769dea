package dev.partywall.metering.counting;

import static dev.partywall.metering.meter.MeteredTenant.first;
import static dev.partywall.metering.meter.UsageSamples.ACME;
import static dev.partywall.metering.meter.UsageSamples.EIGHT;
import static dev.partywall.metering.meter.UsageSamples.GLOBEX;
import static dev.partywall.metering.meter.UsageSamples.NINE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.error.ApiException;
import dev.partywall.local.LocalDynamo;
import dev.partywall.metering.MeteringFixture;
import dev.partywall.metering.ledger.UncountedHours;
import dev.partywall.metering.meter.Amounts;
import dev.partywall.metering.meter.MeteredTenant;
import dev.partywall.metering.meter.Usage;
import dev.partywall.storage.FaultInjectingClient;
import dev.partywall.storage.TenantTable;
import dev.partywall.tenancy.Tenant;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
class WriteCountingTest {
  private static final Tenant SECOND = new Tenant(MeteringFixture.record(ACME, "free", 2));

  private MeteringFixture fixture;
  private WriteCounting writeCounting;
  private TenantTable orders;

  @BeforeEach
  void open(LocalDynamo dynamo) throws IOException {
    fixture = new MeteringFixture(dynamo);
    writeCounting = instance();
    orders = fixture.ordersTable(writeCounting);
  }

  @AfterEach
  void close() throws IOException {
    fixture.close();
  }

  @Test
  void anEarlierIncarnationIsClosedWithoutTheWritesOfTheNextOne() {
    var first = new Usage.TenantHour(first(ACME), EIGHT);
    var second = new Usage.TenantHour(new MeteredTenant(ACME, 2), EIGHT);
    fixture.uncountedHours.mark(new UncountedHours.HourMark(first, new UUID(1, 1)));
    fixture.register(MeteringFixture.record(ACME, "free", 2));
    fixture.uncountedHours.mark(new UncountedHours.HourMark(second, new UUID(2, 2)));
    MeteringFixture.placeOrder(fixture.ordersTable(_ -> {}), SECOND, "o-1");
    var closer =
        new HourCloser(
            fixture.uncountedHours, fixture.hourlyCounts, fixture.clock, fixture.nanoClock::get);
    assertEquals(Optional.empty(), closer.catchUp());
    assertEquals(List.of(), fixture.ledger.usage(first(ACME), EIGHT, NINE));
    var count = Amounts.of(MeteringFixture.ORDERS_PLACED, 1);
    assertEquals(
        List.of(Usage.of(second.tenant(), EIGHT, count)),
        fixture.ledger.usage(second.tenant(), EIGHT, NINE));
    closer.closeHours();
    fixture.clock.advance(Duration.ofHours(1));
    fixture.nanoClock.addAndGet(HourCloser.CLOSING_DELAY.toNanos());
    assertEquals(Optional.empty(), closer.closeHours());
    assertEquals(List.of(), fixture.uncountedHours.marks());
  }

  @Test
  void anIncarnationThatTheRegistryDoesNotNameYetStaysOpen() {
    var second = new Usage.TenantHour(new MeteredTenant(ACME, 2), EIGHT);
    fixture.uncountedHours.mark(new UncountedHours.HourMark(second, new UUID(2, 2)));
    MeteringFixture.placeOrder(fixture.ordersTable(_ -> {}), SECOND, "o-1");
    var closer =
        new HourCloser(
            fixture.uncountedHours, fixture.hourlyCounts, fixture.clock, fixture.nanoClock::get);
    assertTrue(closer.catchUp().isPresent());
    assertEquals(List.of(), fixture.ledger.usage(second.tenant(), EIGHT, NINE));
  }

  @Test
  void countsOrdersInTheHourOfTheirPlacement() {
    MeteringFixture.placeOrder(orders, ACME);
    MeteringFixture.placeOrder(orders, ACME);
    MeteringFixture.placeOrder(orders, GLOBEX);
    fixture.clock.advance(Duration.ofMinutes(1));
    MeteringFixture.placeOrder(orders, ACME);
    writeCounting.count(fixture.hourlyCounts);
    assertEquals(2, placedIn(EIGHT));
    assertEquals(1, placedIn(NINE));
    assertEquals(1, fixture.ledgerAmount(GLOBEX, EIGHT, MeteringFixture.ORDERS_PLACED));
  }

  @Test
  void marksAnHourOnceBeforeItsFirstOrder() {
    MeteringFixture.placeOrder(orders, ACME);
    assertEquals(List.of("PutItem", "TransactWriteItems"), lastCalls(2));
    MeteringFixture.placeOrder(orders, ACME);
    assertEquals(List.of("TransactWriteItems", "TransactWriteItems"), lastCalls(2));
    assertEquals(1, fixture.uncountedHours.marks().size());
  }

  @Test
  void rejectsAnOrderIfItsHourCannotBeMarked() {
    fixture.faultInjector.handleWith(
        FaultInjectingClient.replyWithError(500, "InternalServerError"));
    assertThrows(ApiException.class, () -> MeteringFixture.placeOrder(orders, ACME));
    fixture.faultInjector.handleWith(FaultInjectingClient.FORWARD);
    assertEquals(
        Map.of(MeteringFixture.ORDERS_PLACED, 0L),
        fixture.hourlyCounts.count(new Usage.TenantHour(first(ACME), EIGHT)));
    MeteringFixture.placeOrder(orders, ACME);
    writeCounting.count(fixture.hourlyCounts);
    assertEquals(1, placedIn(EIGHT));
  }

  @Test
  void countsAnHourUntilNoOrderCanBePending() {
    MeteringFixture.placeOrder(orders, ACME);
    writeCounting.count(fixture.hourlyCounts);
    MeteringFixture.placeOrder(fixture.ordersTable(_ -> {}), ACME);
    writeCounting.count(fixture.hourlyCounts);
    assertEquals(2, placedIn(EIGHT));
    advance(WriteCounting.SETTLING_TIME);
    writeCounting.count(fixture.hourlyCounts);
    var calls = fixture.faultInjector.requests().size();
    writeCounting.count(fixture.hourlyCounts);
    assertEquals(calls, fixture.faultInjector.requests().size());
  }

  @Test
  void writesOnlyANewCountToTheLedger() {
    MeteringFixture.placeOrder(orders, ACME);
    writeCounting.count(fixture.hourlyCounts);
    assertEquals("UpdateItem", lastCalls(1).getFirst());
    writeCounting.count(fixture.hourlyCounts);
    assertEquals(List.of("UpdateItem", "Query"), lastCalls(2));
  }

  @Test
  void repeatsAFailedCount() {
    MeteringFixture.placeOrder(orders, ACME);
    advance(WriteCounting.SETTLING_TIME.multipliedBy(2));
    fixture.faultInjector.handleWith(
        FaultInjectingClient.replyWithError(500, "InternalServerError"));
    assertTrue(writeCounting.count(fixture.hourlyCounts).isPresent());
    fixture.faultInjector.handleWith(FaultInjectingClient.FORWARD);
    assertEquals(Optional.empty(), writeCounting.count(fixture.hourlyCounts));
    assertEquals(1, placedIn(EIGHT));
  }

  @Test
  void countsTheOrdersOfACrashedInstance() {
    MeteringFixture.placeOrder(orders, ACME);
    MeteringFixture.placeOrder(orders, GLOBEX);
    var next = hourCloser();
    assertEquals(Optional.empty(), next.catchUp());
    assertEquals(1, placedIn(EIGHT));
    assertEquals(1, fixture.ledgerAmount(GLOBEX, EIGHT, MeteringFixture.ORDERS_PLACED));
    var calls = fixture.faultInjector.requests().size();
    next.catchUp();
    assertEquals(calls, fixture.faultInjector.requests().size());
  }

  @Test
  void repeatsCatchingUpUntilItSucceeds() {
    MeteringFixture.placeOrder(orders, ACME);
    var next = hourCloser();
    fixture.faultInjector.handleWith(
        FaultInjectingClient.replyWithError(500, "InternalServerError"));
    assertThrows(ApiException.class, next::catchUp);
    fixture.faultInjector.handleWith(FaultInjectingClient.FORWARD);
    next.catchUp();
    assertEquals(1, placedIn(EIGHT));
  }

  @Test
  void closesAPastHourAfterTheClosingDelay() {
    MeteringFixture.placeOrder(orders, ACME);
    var hourCloser = hourCloser();
    hourCloser.closeHours();
    advance(HourCloser.CLOSING_DELAY);
    hourCloser.closeHours();
    assertEquals(1, fixture.uncountedHours.marks().size(), "The hour is not over");
    fixture.clock.advance(Duration.ofHours(1));
    hourCloser.closeHours();
    assertEquals(List.of(), fixture.uncountedHours.marks());
    assertEquals(1, placedIn(EIGHT));
  }

  @Test
  void keepsAnHourOpenWhileItsMarkIsRenewed() {
    MeteringFixture.placeOrder(orders, ACME);
    var hourCloser = hourCloser();
    hourCloser.closeHours();
    advance(HourCloser.CLOSING_DELAY.minusSeconds(1));
    MeteringFixture.placeOrder(orders, ACME);
    fixture.clock.advance(Duration.ofHours(5));
    advance(Duration.ofSeconds(1));
    hourCloser.closeHours();
    assertEquals(1, fixture.uncountedHours.marks().size());
    advance(HourCloser.CLOSING_DELAY);
    hourCloser.closeHours();
    assertEquals(List.of(), fixture.uncountedHours.marks());
    assertEquals(2, placedIn(EIGHT));
  }

  @Test
  void reopensAnHourForAnOrderByASetBackClock() {
    MeteringFixture.placeOrder(orders, ACME);
    var hourCloser = hourCloser();
    hourCloser.closeHours();
    fixture.clock.advance(Duration.ofHours(2));
    advance(HourCloser.CLOSING_DELAY);
    hourCloser.closeHours();
    fixture.clock.advance(Duration.ofHours(-2));
    MeteringFixture.placeOrder(orders, ACME);
    assertEquals(1, fixture.uncountedHours.marks().size());
    hourCloser().catchUp();
    assertEquals(2, placedIn(EIGHT));
  }

  @Test
  void expiresAMarkBeforeTheClosingDelay() {
    MeteringFixture.placeOrder(orders, ACME);
    var first = fixture.uncountedHours.marks();
    advance(WriteCounting.MARK_VALIDITY);
    MeteringFixture.placeOrder(orders, ACME);
    assertNotEquals(first, fixture.uncountedHours.marks());
    assertTrue(WriteCounting.MARK_VALIDITY.plusMinutes(1).compareTo(HourCloser.CLOSING_DELAY) < 0);
  }

  private WriteCounting instance() {
    return new WriteCounting(
        fixture.uncountedHours, UUID::randomUUID, fixture.clock, fixture.nanoClock::get);
  }

  private HourCloser hourCloser() {
    return new HourCloser(
        fixture.uncountedHours, fixture.hourlyCounts, fixture.clock, fixture.nanoClock::get);
  }

  private void advance(Duration by) {
    fixture.nanoClock.addAndGet(by.toNanos());
  }

  private long placedIn(Instant hour) {
    return fixture.ledgerAmount(ACME, hour, MeteringFixture.ORDERS_PLACED);
  }

  private List<String> lastCalls(int count) {
    var calls = fixture.faultInjector.requests();
    return calls.subList(calls.size() - count, calls.size());
  }
}
