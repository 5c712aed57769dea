package dev.partywall.metering.counting;

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
import dev.partywall.metering.meter.Usage;
import dev.partywall.metering.meter.UsageMeter;
import dev.partywall.storage.FaultInjectingClient;
import dev.partywall.storage.TenantTable;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
class OrderCountingTest {
  private MeteringFixture fixture;
  private OrderCounting orderCounting;
  private TenantTable orders;

  @BeforeEach
  void open(LocalDynamo dynamo) throws IOException {
    fixture = new MeteringFixture(dynamo);
    orderCounting = instance();
    orders = fixture.ordersTable(orderCounting);
  }

  @AfterEach
  void close() throws IOException {
    fixture.close();
  }

  @Test
  void countsOrdersInTheHourOfTheirPlacement() {
    MeteringFixture.placeOrder(orders, ACME);
    MeteringFixture.placeOrder(orders, ACME);
    MeteringFixture.placeOrder(orders, GLOBEX);
    fixture.clock.advance(Duration.ofMinutes(1));
    MeteringFixture.placeOrder(orders, ACME);
    orderCounting.count(fixture.orderCount);
    assertEquals(2, placedIn(EIGHT));
    assertEquals(1, placedIn(NINE));
    assertEquals(1, fixture.ledgerAmount(GLOBEX, EIGHT, UsageMeter.ORDERS_PLACED));
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
    assertEquals(0, fixture.orderCount.count(new Usage.TenantHour(ACME, EIGHT)));
    MeteringFixture.placeOrder(orders, ACME);
    orderCounting.count(fixture.orderCount);
    assertEquals(1, placedIn(EIGHT));
  }

  @Test
  void countsAnHourUntilNoOrderCanBePending() {
    MeteringFixture.placeOrder(orders, ACME);
    orderCounting.count(fixture.orderCount);
    MeteringFixture.placeOrder(fixture.ordersTable(_ -> {}), ACME);
    orderCounting.count(fixture.orderCount);
    assertEquals(2, placedIn(EIGHT));
    advance(OrderCounting.SETTLING_TIME);
    orderCounting.count(fixture.orderCount);
    var calls = fixture.faultInjector.calls().size();
    orderCounting.count(fixture.orderCount);
    assertEquals(calls, fixture.faultInjector.calls().size());
  }

  @Test
  void repeatsAFailedCount() {
    MeteringFixture.placeOrder(orders, ACME);
    advance(OrderCounting.SETTLING_TIME.multipliedBy(2));
    fixture.faultInjector.handleWith(
        FaultInjectingClient.replyWithError(500, "InternalServerError"));
    assertTrue(orderCounting.count(fixture.orderCount).isPresent());
    fixture.faultInjector.handleWith(FaultInjectingClient.FORWARD);
    assertEquals(Optional.empty(), orderCounting.count(fixture.orderCount));
    assertEquals(1, placedIn(EIGHT));
  }

  @Test
  void countsTheOrdersOfACrashedInstance() {
    MeteringFixture.placeOrder(orders, ACME);
    MeteringFixture.placeOrder(orders, GLOBEX);
    var next = hourCloser();
    assertEquals(Optional.empty(), next.catchUp());
    assertEquals(1, placedIn(EIGHT));
    assertEquals(1, fixture.ledgerAmount(GLOBEX, EIGHT, UsageMeter.ORDERS_PLACED));
    var calls = fixture.faultInjector.calls().size();
    next.catchUp();
    assertEquals(calls, fixture.faultInjector.calls().size());
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
    advance(OrderCounting.MARK_VALIDITY);
    MeteringFixture.placeOrder(orders, ACME);
    assertNotEquals(first, fixture.uncountedHours.marks());
    assertTrue(OrderCounting.MARK_VALIDITY.plusMinutes(1).compareTo(HourCloser.CLOSING_DELAY) < 0);
  }

  private OrderCounting instance() {
    return new OrderCounting(fixture.uncountedHours, UUID::randomUUID, fixture.nanoClock::get);
  }

  private HourCloser hourCloser() {
    return new HourCloser(
        fixture.uncountedHours, fixture.orderCount, fixture.clock, fixture.nanoClock::get);
  }

  private void advance(Duration by) {
    fixture.nanoClock.addAndGet(by.toNanos());
  }

  private long placedIn(Instant hour) {
    return fixture.ledgerAmount(ACME, hour, UsageMeter.ORDERS_PLACED);
  }

  private List<String> lastCalls(int count) {
    var calls = fixture.faultInjector.calls();
    return calls.subList(calls.size() - count, calls.size());
  }
}
