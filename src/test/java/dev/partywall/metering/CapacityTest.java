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

/** Uses the capacity units that DynamoDB reports, here Amazon's local engine. */
@ExtendWith(LocalDynamo.Shared.class)
class CapacityTest {
  private Books fixture;
  private Tallies tallies;
  private Meter meter;

  @BeforeEach
  void open(LocalDynamo dynamo) throws IOException {
    fixture = new Books(dynamo);
    tallies = new Tallies(fixture.clock, 10);
    meter = new Meter(tallies, fixture.nanos::get);
  }

  @AfterEach
  void close() throws IOException {
    fixture.close();
  }

  @Test
  void metersReadsAndWritesInTheUnitsThatDynamoReports() throws IOException {
    var orders = fixture.orders(fixture.metered(meter), MarkListener.NONE);
    Books.place(orders, ACME);
    var write = drained();
    // The order and its count marker. AWS reports twice as much for a transaction, the local engine
    // does not.
    assertEquals(2000, write.steps(Measure.WRITE_UNITS));
    assertEquals(0, write.steps(Measure.READ_UNITS));
    TenantContext.call(Books.tenant(ACME), () -> orders.get(new Key("order", "none")));
    TenantContext.call(Books.tenant(ACME), () -> orders.query(Query.all("order", 10)));
    var read = drained();
    assertEquals(2000, read.steps(Measure.READ_UNITS));
    assertEquals(0, read.steps(Measure.WRITE_UNITS));
  }

  @Test
  void metersNothingForAFailedCall() throws IOException {
    var orders = fixture.orders(fixture.metered(meter), MarkListener.NONE);
    fixture.between.let(Between.refused(500, "InternalServerError"));
    var acme = Books.tenant(ACME);
    assertThrows(
        Refused.class, () -> TenantContext.call(acme, () -> orders.get(new Key("order", "none"))));
    assertEquals(Amounts.NONE, drained());
  }

  @Test
  void doesNotChargeTheTenantForCounting() throws IOException {
    var marks = new Marks(fixture.metered(meter), Placements.pool(fixture.prefix));
    Books.place(fixture.orders(MarkListener.NONE), ACME);
    TenantContext.call(Books.tenant(ACME), () -> marks.count("ordersPlaced", EIGHT));
    assertEquals(1000, drained().steps(Measure.READ_UNITS));
    new OrderCounts(marks, fixture.ledger, Books::tenant).count(new Usage.Slot(ACME, EIGHT));
    assertEquals(Amounts.NONE, drained());
  }

  private Amounts drained() throws IOException {
    var usage = new ArrayList<Usage>();
    tallies.drain(usage::addAll);
    return usage.stream().map(Usage::amounts).reduce(Amounts.NONE, Amounts::plus);
  }
}
