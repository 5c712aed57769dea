package dev.partywall.metering;

import static dev.partywall.metering.Sample.ACME;
import static dev.partywall.metering.Sample.EIGHT;
import static dev.partywall.metering.Sample.GLOBEX;
import static dev.partywall.metering.Sample.NINE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.http.Refused;
import dev.partywall.local.LocalDynamo;
import dev.partywall.storage.Between;
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

@ExtendWith(LocalDynamo.Shared.class)
class OrdersPlacedTest {
  private Books fixture;
  private OrdersPlaced orderCounting;
  private TenantTable orders;

  @BeforeEach
  void open(LocalDynamo dynamo) throws IOException {
    fixture = new Books(dynamo);
    orderCounting = instance();
    orders = fixture.orders(orderCounting);
  }

  @AfterEach
  void close() throws IOException {
    fixture.close();
  }

  @Test
  void countsOrdersInTheHourOfTheirPlacement() {
    Books.place(orders, ACME);
    Books.place(orders, ACME);
    Books.place(orders, GLOBEX);
    fixture.clock.move(Duration.ofMinutes(1));
    Books.place(orders, ACME);
    orderCounting.count(fixture.counts);
    assertEquals(2, placedIn(EIGHT));
    assertEquals(1, placedIn(NINE));
    assertEquals(1, fixture.in(GLOBEX, EIGHT, Measure.ORDERS_PLACED));
  }

  @Test
  void marksAnHourOnceBeforeItsFirstOrder() {
    Books.place(orders, ACME);
    assertEquals(List.of("PutItem", "TransactWriteItems"), lastCalls(2));
    Books.place(orders, ACME);
    assertEquals(List.of("TransactWriteItems", "TransactWriteItems"), lastCalls(2));
    assertEquals(1, fixture.open.all().size());
  }

  @Test
  void rejectsAnOrderIfItsHourCannotBeMarked() {
    fixture.between.let(Between.refused(500, "InternalServerError"));
    assertThrows(Refused.class, () -> Books.place(orders, ACME));
    fixture.between.let(Between.THROUGH);
    assertEquals(0, fixture.counts.count(new Usage.Slot(ACME, EIGHT)));
    Books.place(orders, ACME);
    orderCounting.count(fixture.counts);
    assertEquals(1, placedIn(EIGHT));
  }

  @Test
  void countsAnHourUntilNoOrderCanBePending() {
    Books.place(orders, ACME);
    orderCounting.count(fixture.counts);
    Books.place(fixture.orders(_ -> {}), ACME);
    orderCounting.count(fixture.counts);
    assertEquals(2, placedIn(EIGHT));
    advance(PlacingHour.SETTLED);
    orderCounting.count(fixture.counts);
    var calls = fixture.between.calls().size();
    orderCounting.count(fixture.counts);
    assertEquals(calls, fixture.between.calls().size());
  }

  @Test
  void repeatsAFailedCount() {
    Books.place(orders, ACME);
    advance(PlacingHour.SETTLED.multipliedBy(2));
    fixture.between.let(Between.refused(500, "InternalServerError"));
    assertTrue(orderCounting.count(fixture.counts).isPresent());
    fixture.between.let(Between.THROUGH);
    assertEquals(Optional.empty(), orderCounting.count(fixture.counts));
    assertEquals(1, placedIn(EIGHT));
  }

  @Test
  void countsTheOrdersOfACrashedInstance() {
    Books.place(orders, ACME);
    Books.place(orders, GLOBEX);
    var next = hourCloser();
    assertEquals(Optional.empty(), next.catchUp());
    assertEquals(1, placedIn(EIGHT));
    assertEquals(1, fixture.in(GLOBEX, EIGHT, Measure.ORDERS_PLACED));
    var calls = fixture.between.calls().size();
    next.catchUp();
    assertEquals(calls, fixture.between.calls().size());
  }

  @Test
  void repeatsCatchingUpUntilItSucceeds() {
    Books.place(orders, ACME);
    var next = hourCloser();
    fixture.between.let(Between.refused(500, "InternalServerError"));
    assertThrows(Refused.class, next::catchUp);
    fixture.between.let(Between.THROUGH);
    next.catchUp();
    assertEquals(1, placedIn(EIGHT));
  }

  @Test
  void closesAPastHourAfterTheClosingDelay() {
    Books.place(orders, ACME);
    var hourCloser = hourCloser();
    hourCloser.close();
    advance(ClosingHours.STANDING);
    hourCloser.close();
    assertEquals(1, fixture.open.all().size(), "The hour is not over");
    fixture.clock.move(Duration.ofHours(1));
    hourCloser.close();
    assertEquals(List.of(), fixture.open.all());
    assertEquals(1, placedIn(EIGHT));
  }

  @Test
  void keepsAnHourOpenWhileItsMarkIsRenewed() {
    Books.place(orders, ACME);
    var hourCloser = hourCloser();
    hourCloser.close();
    advance(ClosingHours.STANDING.minusSeconds(1));
    Books.place(orders, ACME);
    fixture.clock.move(Duration.ofHours(5));
    advance(Duration.ofSeconds(1));
    hourCloser.close();
    assertEquals(1, fixture.open.all().size());
    advance(ClosingHours.STANDING);
    hourCloser.close();
    assertEquals(List.of(), fixture.open.all());
    assertEquals(2, placedIn(EIGHT));
  }

  @Test
  void reopensAnHourForAnOrderByASetBackClock() {
    Books.place(orders, ACME);
    var hourCloser = hourCloser();
    hourCloser.close();
    fixture.clock.move(Duration.ofHours(2));
    advance(ClosingHours.STANDING);
    hourCloser.close();
    fixture.clock.move(Duration.ofHours(-2));
    Books.place(orders, ACME);
    assertEquals(1, fixture.open.all().size());
    hourCloser().catchUp();
    assertEquals(2, placedIn(EIGHT));
  }

  @Test
  void expiresAMarkBeforeTheClosingDelay() {
    Books.place(orders, ACME);
    var first = fixture.open.all();
    advance(PlacingHour.TRUSTED);
    Books.place(orders, ACME);
    assertNotEquals(first, fixture.open.all());
    assertTrue(PlacingHour.TRUSTED.plusMinutes(1).compareTo(ClosingHours.STANDING) < 0);
  }

  private OrdersPlaced instance() {
    return new OrdersPlaced(fixture.open, UUID::randomUUID, fixture.nanos::get);
  }

  private ClosingHours hourCloser() {
    return new ClosingHours(fixture.open, fixture.counts, fixture.clock, fixture.nanos::get);
  }

  private void advance(Duration by) {
    fixture.nanos.addAndGet(by.toNanos());
  }

  private long placedIn(Instant hour) {
    return fixture.in(ACME, hour, Measure.ORDERS_PLACED);
  }

  private List<String> lastCalls(int count) {
    var calls = fixture.between.calls();
    return calls.subList(calls.size() - count, calls.size());
  }
}
