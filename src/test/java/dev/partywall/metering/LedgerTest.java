package dev.partywall.metering;

import static dev.partywall.metering.Sample.ACME;
import static dev.partywall.metering.Sample.EIGHT;
import static dev.partywall.metering.Sample.GLOBEX;
import static dev.partywall.metering.Sample.NINE;
import static dev.partywall.metering.Sample.requests;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.http.Refused;
import dev.partywall.local.LocalDynamo;
import dev.partywall.storage.Between;
import dev.partywall.tenancy.TenantId;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LocalDynamo.Shared.class)
class LedgerTest {
  private Books books;

  @BeforeEach
  void open(LocalDynamo dynamo) throws IOException {
    books = new Books(dynamo);
  }

  @AfterEach
  void close() throws IOException {
    books.close();
  }

  @Test
  void aBatchThatComesAgainCountsOnce() {
    var batch = batch(requests(ACME, EIGHT, 5), requests(GLOBEX, EIGHT, 1));
    books.ledger.ship(batch);
    books.ledger().ship(batch);
    assertEquals(5, books.in(ACME, EIGHT, Measure.REQUESTS));
    assertEquals(1, books.in(GLOBEX, EIGHT, Measure.REQUESTS));
  }

  @Test
  void aBatchWhoseAnswerGotLostCountsOnce() {
    var batch = batch(requests(ACME, EIGHT, 5));
    books.between.let(Between.ANSWER_LOST);
    assertThrows(Refused.class, () -> books.ledger.ship(batch));
    books.between.let(Between.THROUGH);
    books.ledger.ship(batch);
    books.ledger.ship(batch);
    assertEquals(5, books.in(ACME, EIGHT, Measure.REQUESTS));
  }

  @Test
  void batchesAddUp() {
    books.ledger.ship(batch(requests(ACME, EIGHT, 5)));
    books.ledger.ship(batch(requests(ACME, EIGHT, 2), requests(ACME, NINE, 3)));
    var expected = List.of(requests(ACME, EIGHT, 7), requests(ACME, NINE, 3));
    assertEquals(expected, books.ledger.usage(ACME, EIGHT, NINE.plus(Duration.ofHours(1))));
  }

  @Test
  void everyMeasureComesBackToTheStep() {
    var random = new Random(5);
    var amounts = Amounts.of(_ -> random.nextLong(1L << 50));
    books.ledger.ship(batch(Usage.of(ACME, EIGHT, amounts)));
    books.ledger.ship(batch(Usage.of(ACME, EIGHT, amounts)));
    var found = books.ledger.usage(ACME, EIGHT, NINE);
    assertEquals(List.of(Usage.of(ACME, EIGHT, amounts.plus(amounts))), found);
  }

  @Test
  void aSegmentOfManyTenantsIsCutIntoBatchesThatTheLedgerTakes() {
    var tenants =
        IntStream.range(0, 230)
            .mapToObj(i -> requests(new TenantId("t" + i), EIGHT, i + 1))
            .toList();
    var segment = new Segment(SegmentHeader.of(UUID.randomUUID(), EIGHT), tenants, 0, false);
    var batches = Batch.of(segment);
    assertEquals(3, batches.size());
    batches.forEach(books.ledger::ship);
    assertEquals(230, books.in(new TenantId("t229"), EIGHT, Measure.REQUESTS));
    assertEquals(230, books.ledger.tenants(EIGHT, NINE).size());
  }

  @Test
  void tenantsAreListedSeveralAtOnceWhenADayIsNew() {
    var together = new CountDownLatch(8);
    books.between.let(way -> {
      if (books.between.calls().getLast().equals("PutItem")) {
        together.countDown();
        await(together);
      }
      return Between.THROUGH.meet(way);
    });
    var tenants =
        IntStream.range(0, 8).mapToObj(i -> requests(new TenantId("t" + i), EIGHT, 1)).toList();
    books.ledger.ship(batch(tenants.toArray(Usage[]::new)));
    assertEquals(8, books.ledger.tenants(EIGHT, NINE).size());
  }

  @Test
  void instancesThatMeetAtATenantsHourAllCount() throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var shipped =
          IntStream.range(0, 8)
              .mapToObj(
                  _ -> threads.submit(() -> books.ledger().ship(batch(requests(ACME, EIGHT, 1)))))
              .toList();
      for (var each : shipped) {
        each.get();
      }
    }
    assertEquals(8, books.in(ACME, EIGHT, Measure.REQUESTS));
  }

  @Test
  void aCountOfOrdersIsSetAndNeverLowered() {
    var slot = new Usage.Slot(ACME, EIGHT);
    books.ledger.ordersPlaced(slot, 4);
    books.ledger.ordersPlaced(slot, 4);
    assertEquals(4, books.in(ACME, EIGHT, Measure.ORDERS_PLACED));
    books.ledger.ordersPlaced(slot, 3);
    assertEquals(4, books.in(ACME, EIGHT, Measure.ORDERS_PLACED));
    books.ledger.ship(batch(requests(ACME, EIGHT, 1)));
    books.ledger.ordersPlaced(slot, 6);
    assertEquals(6, books.in(ACME, EIGHT, Measure.ORDERS_PLACED));
    assertEquals(1, books.in(ACME, EIGHT, Measure.REQUESTS));
  }

  @Test
  void aRangeIsHalfOpenAndOneTenantsAlone() {
    books.ledger.ship(
        batch(requests(ACME, EIGHT, 1), requests(ACME, NINE, 2), requests(GLOBEX, EIGHT, 4)));
    assertEquals(List.of(requests(ACME, EIGHT, 1)), books.ledger.usage(ACME, EIGHT, NINE));
    assertEquals(List.of(), books.ledger.usage(new TenantId("acm"), EIGHT, NINE));
    assertEquals(List.of(), books.ledger.usage(ACME, EIGHT, EIGHT));
  }

  @Test
  void tenantsAreListedByTheDaysOnWhichTheyHaveHours() {
    books.ledger.ship(batch(requests(ACME, EIGHT, 1)));
    books.ledger.ordersPlaced(new Usage.Slot(GLOBEX, EIGHT.plus(Duration.ofDays(1))), 1);
    assertEquals(Set.of(ACME), books.ledger.tenants(EIGHT, NINE));
    assertEquals(Set.of(ACME, GLOBEX), books.ledger.tenants(EIGHT, NINE.plus(Duration.ofDays(1))));
  }

  @Test
  void anOutageIsARefusalThatCanBeTriedAgain() {
    books.between.let(Between.refused(500, "InternalServerError"));
    assertThrows(Refused.class, () -> books.ledger.usage(ACME, EIGHT, NINE));
    assertThrows(Refused.class, () -> books.ledger.ordersPlaced(new Usage.Slot(ACME, EIGHT), 1));
  }

  @Test
  void aMissingTableIsNamedAndMadeOnce(LocalDynamo dynamo) {
    var table = new UsageTable(books.client, dynamo.freshPrefix());
    assertTrue(table.faults().getFirst().endsWith("usage is missing"), table.faults().toString());
    table.createMissing();
    table.createMissing();
    assertEquals(List.of(), table.faults());
  }

  private static void await(CountDownLatch latch) throws IOException {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  private static Batch batch(Usage... usage) {
    return new Batch(UUID.randomUUID(), 0, List.of(usage));
  }
}
