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
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LocalDynamo.Shared.class)
class OrdersPlacedTest {
  private Books books;
  private OrdersPlaced placed;
  private TenantTable orders;

  @BeforeEach
  void open(LocalDynamo dynamo) throws IOException {
    books = new Books(dynamo);
    placed = instance();
    orders = books.orders(placed);
  }

  @AfterEach
  void close() throws IOException {
    books.close();
  }

  @Test
  void ordersAreCountedInTheHourInWhichTheyWerePlaced() {
    Books.place(orders, ACME);
    Books.place(orders, ACME);
    Books.place(orders, GLOBEX);
    books.clock.move(Duration.ofMinutes(1));
    Books.place(orders, ACME);
    placed.count(books.counts);
    assertEquals(2, placedIn(EIGHT));
    assertEquals(1, placedIn(NINE));
    assertEquals(1, books.in(GLOBEX, EIGHT, Measure.ORDERS_PLACED));
  }

  @Test
  void anHourIsNotedBeforeItsFirstOrderAndOnceForAll() {
    Books.place(orders, ACME);
    assertEquals(List.of("PutItem", "TransactWriteItems"), lastCalls(2));
    Books.place(orders, ACME);
    assertEquals(List.of("TransactWriteItems", "TransactWriteItems"), lastCalls(2));
    assertEquals(1, books.open.all().size());
  }

  @Test
  void anOrderWhoseHourCanNotBeNotedIsRefusedAndNotThere() {
    books.between.let(Between.refused(500, "InternalServerError"));
    assertThrows(Refused.class, () -> Books.place(orders, ACME));
    books.between.let(Between.THROUGH);
    assertEquals(0, books.counts.count(new Usage.Slot(ACME, EIGHT)));
    Books.place(orders, ACME);
    placed.count(books.counts);
    assertEquals(1, placedIn(EIGHT));
  }

  @Test
  void anHourIsCountedUntilNoOrderCanBeOnItsWayAndNoLonger() {
    Books.place(orders, ACME);
    placed.count(books.counts);
    Books.place(books.orders(_ -> {}), ACME);
    placed.count(books.counts);
    assertEquals(2, placedIn(EIGHT));
    later(PlacingHour.SETTLED);
    placed.count(books.counts);
    var calls = books.between.calls().size();
    placed.count(books.counts);
    assertEquals(calls, books.between.calls().size());
  }

  @Test
  void aCountThatFailsIsMadeAgain() {
    Books.place(orders, ACME);
    later(PlacingHour.SETTLED.multipliedBy(2));
    books.between.let(Between.refused(500, "InternalServerError"));
    assertTrue(placed.count(books.counts).isPresent());
    books.between.let(Between.THROUGH);
    assertEquals(Optional.empty(), placed.count(books.counts));
    assertEquals(1, placedIn(EIGHT));
  }

  @Test
  void aCrashedInstancesOrdersAreCountedByTheNextOne() {
    Books.place(orders, ACME);
    Books.place(orders, GLOBEX);
    var next = closing();
    assertEquals(Optional.empty(), next.catchUp());
    assertEquals(1, placedIn(EIGHT));
    assertEquals(1, books.in(GLOBEX, EIGHT, Measure.ORDERS_PLACED));
    var calls = books.between.calls().size();
    next.catchUp();
    assertEquals(calls, books.between.calls().size());
  }

  @Test
  void catchingUpGoesOnUntilItHasSucceeded() {
    Books.place(orders, ACME);
    var next = closing();
    books.between.let(Between.refused(500, "InternalServerError"));
    assertThrows(Refused.class, next::catchUp);
    books.between.let(Between.THROUGH);
    next.catchUp();
    assertEquals(1, placedIn(EIGHT));
  }

  @Test
  void anHourIsClosedWhenItIsOverAndItsNoteHasStoodLongEnough() {
    Books.place(orders, ACME);
    var closing = closing();
    closing.close();
    later(ClosingHours.STANDING);
    closing.close();
    assertEquals(1, books.open.all().size(), "the hour is not over");
    books.clock.move(Duration.ofHours(1));
    closing.close();
    assertEquals(List.of(), books.open.all());
    assertEquals(1, placedIn(EIGHT));
  }

  @Test
  void aNoteThatIsWrittenAnewKeepsTheHourOpenWhateverTheClockSays() {
    Books.place(orders, ACME);
    var closing = closing();
    closing.close();
    later(ClosingHours.STANDING.minusSeconds(1));
    Books.place(orders, ACME);
    books.clock.move(Duration.ofHours(5));
    later(Duration.ofSeconds(1));
    closing.close();
    assertEquals(1, books.open.all().size());
    later(ClosingHours.STANDING);
    closing.close();
    assertEquals(List.of(), books.open.all());
    assertEquals(2, placedIn(EIGHT));
  }

  @Test
  void anOrderByAClockThatWasSetBackOpensItsHourAnew() {
    Books.place(orders, ACME);
    var closing = closing();
    closing.close();
    books.clock.move(Duration.ofHours(2));
    later(ClosingHours.STANDING);
    closing.close();
    books.clock.move(Duration.ofHours(-2));
    Books.place(orders, ACME);
    assertEquals(1, books.open.all().size());
    closing().catchUp();
    assertEquals(2, placedIn(EIGHT));
  }

  @Test
  void aNoteIsTrustedForLessLongThanItHasToStand() {
    Books.place(orders, ACME);
    var first = books.open.all();
    later(PlacingHour.TRUSTED);
    Books.place(orders, ACME);
    assertNotEquals(first, books.open.all());
    assertTrue(PlacingHour.TRUSTED.plusMinutes(1).compareTo(ClosingHours.STANDING) < 0);
  }

  private OrdersPlaced instance() {
    return new OrdersPlaced(books.open, UUID::randomUUID, books.nanos::get);
  }

  private ClosingHours closing() {
    return new ClosingHours(books.open, books.counts, books.clock, books.nanos::get);
  }

  private void later(Duration by) {
    books.nanos.addAndGet(by.toNanos());
  }

  private long placedIn(java.time.Instant hour) {
    return books.in(ACME, hour, Measure.ORDERS_PLACED);
  }

  private List<String> lastCalls(int count) {
    var calls = books.between.calls();
    return calls.subList(calls.size() - count, calls.size());
  }
}
