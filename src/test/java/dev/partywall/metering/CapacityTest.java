package dev.partywall.metering;

import static dev.partywall.metering.Sample.ACME;
import static dev.partywall.metering.Sample.EIGHT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.partywall.http.Refused;
import dev.partywall.local.LocalDynamo;
import dev.partywall.storage.Between;
import dev.partywall.storage.Key;
import dev.partywall.storage.MarkListener;
import dev.partywall.storage.Marks;
import dev.partywall.storage.Query;
import dev.partywall.tenancy.Placements;
import dev.partywall.tenancy.TenantContext;
import java.io.IOException;
import java.util.ArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The units are those that DynamoDB itself tells, here Amazon's own engine. */
@ExtendWith(LocalDynamo.Shared.class)
class CapacityTest {
  private Books books;
  private Tallies tallies;
  private Meter meter;

  @BeforeEach
  void open(LocalDynamo dynamo) throws IOException {
    books = new Books(dynamo);
    tallies = new Tallies(books.clock, 10);
    meter = new Meter(tallies, books.nanos::get);
  }

  @AfterEach
  void close() throws IOException {
    books.close();
  }

  @Test
  void readsAndWritesAreMeteredInTheUnitsThatDynamoTells() throws IOException {
    var orders = books.orders(books.metered(meter), MarkListener.NONE);
    Books.place(orders, ACME);
    var write = drained();
    // The order and its mark. AWS tells twice as much for a transaction, the local engine does not.
    assertEquals(2000, write.steps(Measure.WRITE_UNITS));
    assertEquals(0, write.steps(Measure.READ_UNITS));
    TenantContext.call(Books.tenant(ACME), () -> orders.get(new Key("order", "none")));
    TenantContext.call(Books.tenant(ACME), () -> orders.query(Query.all("order", 10)));
    var read = drained();
    assertEquals(2000, read.steps(Measure.READ_UNITS));
    assertEquals(0, read.steps(Measure.WRITE_UNITS));
  }

  @Test
  void aCallThatFailsTellsNothing() throws IOException {
    var orders = books.orders(books.metered(meter), MarkListener.NONE);
    books.between.let(Between.refused(500, "InternalServerError"));
    var acme = Books.tenant(ACME);
    assertThrows(
        Refused.class, () -> TenantContext.call(acme, () -> orders.get(new Key("order", "none"))));
    assertEquals(Amounts.NONE, drained());
  }

  @Test
  void aTenantDoesNotPayForBeingCounted() throws IOException {
    var marks = new Marks(books.metered(meter), Placements.pool(books.prefix));
    Books.place(books.orders(MarkListener.NONE), ACME);
    TenantContext.call(Books.tenant(ACME), () -> marks.count("ordersPlaced", EIGHT));
    assertEquals(1000, drained().steps(Measure.READ_UNITS));
    new OrderCounts(marks, books.ledger, Books::tenant).count(new Usage.Slot(ACME, EIGHT));
    assertEquals(Amounts.NONE, drained());
  }

  private Amounts drained() throws IOException {
    var usage = new ArrayList<Usage>();
    tallies.drain(usage::addAll);
    return usage.stream().map(Usage::amounts).reduce(Amounts.NONE, Amounts::plus);
  }
}
