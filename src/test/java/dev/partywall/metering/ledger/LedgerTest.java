package dev.partywall.metering.ledger;

import static dev.partywall.metering.meter.MeteredTenant.first;
import static dev.partywall.metering.meter.UsageSamples.ACME;
import static dev.partywall.metering.meter.UsageSamples.EIGHT;
import static dev.partywall.metering.meter.UsageSamples.GLOBEX;
import static dev.partywall.metering.meter.UsageSamples.NINE;
import static dev.partywall.metering.meter.UsageSamples.requests;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.error.ApiException;
import dev.partywall.local.LocalDynamo;
import dev.partywall.metering.MeteringFixture;
import dev.partywall.metering.journal.Batch;
import dev.partywall.metering.journal.Shipper;
import dev.partywall.metering.meter.Amounts;
import dev.partywall.metering.meter.ServiceMeters;
import dev.partywall.metering.meter.Usage;
import dev.partywall.metering.meter.UsageMeter;
import dev.partywall.metering.meter.UsageMeter.KernelMeter;
import dev.partywall.storage.FaultInjectingClient;
import dev.partywall.storage.TableProvisioning;
import dev.partywall.tenancy.TenantId;
import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
class LedgerTest {
  private static final UsageMeter NOTES_CREATED = UsageMeter.declared("notesCreated");

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
  void countsARepeatedBatchOnce() {
    var batch = batch(requests(ACME, EIGHT, 5), requests(GLOBEX, EIGHT, 1));
    fixture.ledger.ship(batch);
    fixture.ledger().ship(batch);
    assertEquals(5, fixture.ledgerAmount(ACME, EIGHT, KernelMeter.REQUESTS));
    assertEquals(1, fixture.ledgerAmount(GLOBEX, EIGHT, KernelMeter.REQUESTS));
  }

  @Test
  void countsABatchOnceAfterALostResponse() {
    var batch = batch(requests(ACME, EIGHT, 5));
    fixture.faultInjector.handleWith(FaultInjectingClient.LOSE_REPLY);
    assertThrows(ApiException.class, () -> fixture.ledger.ship(batch));
    fixture.faultInjector.handleWith(FaultInjectingClient.FORWARD);
    fixture.ledger.ship(batch);
    fixture.ledger.ship(batch);
    assertEquals(5, fixture.ledgerAmount(ACME, EIGHT, KernelMeter.REQUESTS));
  }

  @Test
  void addsUpBatches() {
    fixture.ledger.ship(batch(requests(ACME, EIGHT, 5)));
    fixture.ledger.ship(batch(requests(ACME, EIGHT, 2), requests(ACME, NINE, 3)));
    var expected = List.of(requests(ACME, EIGHT, 7), requests(ACME, NINE, 3));
    assertEquals(
        expected, fixture.ledger.usage(first(ACME), EIGHT, NINE.plus(Duration.ofHours(1))));
  }

  @Test
  void storesEveryMeterExactly() {
    var random = new Random(5);
    var steps = new HashMap<UsageMeter, Long>();
    MeteringFixture.METERS.all().forEach(meter -> steps.put(meter, random.nextLong(1L << 50)));
    var amounts = Amounts.of(steps);
    fixture.ledger.ship(batch(Usage.of(first(ACME), EIGHT, amounts)));
    fixture.ledger.ship(batch(Usage.of(first(ACME), EIGHT, amounts)));
    var found = fixture.ledger.usage(first(ACME), EIGHT, NINE);
    assertEquals(List.of(Usage.of(first(ACME), EIGHT, amounts.plus(amounts))), found);
  }

  @Test
  void keepsTheIdOfABatchAsLongAsItsSegmentIsShipped() {
    assertTrue(
        Shipper.MAX_SEGMENT_AGE.plus(Duration.ofDays(1)).compareTo(Ledger.BATCH_RETENTION) < 0);
  }

  @Test
  void findsATenantOnTheFirstDayOfTheRange() {
    fixture.ledger.ship(batch(requests(ACME, EIGHT, 1)));
    var end = EIGHT.plus(Duration.ofDays(5)); // each day takes 16 queries
    assertTrue(fixture.ledger.hasTenants(EIGHT, end));
    assertFalse(fixture.ledger.hasTenants(EIGHT.plus(Duration.ofDays(1)), end));
  }

  @Test
  void theSearchForATenantEndsAtTheFirst() {
    fixture.ledger.ship(batch(requests(ACME, EIGHT, 1)));
    var requests = fixture.faultInjector.requests().size();
    assertTrue(fixture.ledger.hasTenants(EIGHT.minus(Duration.ofDays(400)), NINE));
    assertTrue(fixture.faultInjector.requests().size() - requests <= 16);
  }

  @Test
  void anEmptyLedgerIsNotSearchedDayByDay() {
    // The SDK repeats this call, as it repeats one that takes too long on a busy machine.
    fixture.faultInjector.handleNextWith(FaultInjectingClient.DISCONNECT);
    assertFalse(fixture.ledger.hasTenants(EIGHT.minus(Duration.ofDays(400)), EIGHT));
    var requests = fixture.faultInjector.requests();
    assertEquals(32, Collections.frequency(requests, "Query")); // two days of 16 queries
  }

  @Test
  void registersTenantsInParallelOnANewDay() {
    var allStarted = new CountDownLatch(8);
    fixture.faultInjector.handleWith(request -> {
      if (fixture.faultInjector.calls().getLast().equals("PutItem")) {
        allStarted.countDown();
        await(allStarted);
      }
      return FaultInjectingClient.FORWARD.handle(request);
    });
    var tenants =
        IntStream.range(0, 8).mapToObj(i -> requests(new TenantId("t" + i), EIGHT, 1)).toList();
    fixture.ledger.ship(batch(tenants.toArray(Usage[]::new)));
    assertEquals(8, fixture.ledger.tenants(EIGHT, NINE).size());
  }

  @Test
  void countsConcurrentBatchesOfATenantsHour() throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var shipped =
          IntStream.range(0, 8)
              .mapToObj(
                  _ -> threads.submit(() -> fixture.ledger().ship(batch(requests(ACME, EIGHT, 1)))))
              .toList();
      for (var each : shipped) {
        each.get();
      }
    }
    assertEquals(8, fixture.ledgerAmount(ACME, EIGHT, KernelMeter.REQUESTS));
  }

  @Test
  void setsAndNeverLowersACount() {
    var hour = new Usage.TenantHour(first(ACME), EIGHT);
    fixture.ledger.setCount(hour, MeteringFixture.ORDERS_PLACED, 4);
    fixture.ledger.setCount(hour, MeteringFixture.ORDERS_PLACED, 4);
    assertEquals(4, fixture.ledgerAmount(ACME, EIGHT, MeteringFixture.ORDERS_PLACED));
    fixture.ledger.setCount(hour, MeteringFixture.ORDERS_PLACED, 3);
    assertEquals(4, fixture.ledgerAmount(ACME, EIGHT, MeteringFixture.ORDERS_PLACED));
    fixture.ledger.ship(batch(requests(ACME, EIGHT, 1)));
    fixture.ledger.setCount(hour, MeteringFixture.ORDERS_PLACED, 6);
    assertEquals(6, fixture.ledgerAmount(ACME, EIGHT, MeteringFixture.ORDERS_PLACED));
    assertEquals(1, fixture.ledgerAmount(ACME, EIGHT, KernelMeter.REQUESTS));
  }

  @Test
  void keepsTheCountOfEachMeter() {
    var hour = new Usage.TenantHour(first(ACME), EIGHT);
    fixture.ledger.setCount(hour, MeteringFixture.ORDERS_PLACED, 4);
    fixture.ledger.setCount(hour, NOTES_CREATED, 2);
    fixture.ledger.setCount(hour, UsageMeter.declared("size"), 3);
    assertEquals(Optional.of("4"), fixture.ledgerAttribute(ACME, EIGHT, "ordersPlaced"));
    assertEquals(Optional.of("2"), fixture.ledgerAttribute(ACME, EIGHT, "m_notesCreated"));
    assertEquals(Optional.of("3"), fixture.ledgerAttribute(ACME, EIGHT, "m_size"));
  }

  /** Another release has written the other attributes. One of them is not even a number. */
  @Test
  void ignoresTheAttributesOfMetersThatAreNotDeclared() {
    fixture.ledger.ship(batch(requests(ACME, EIGHT, 1)));
    fixture.ledger.setCount(new Usage.TenantHour(first(ACME), EIGHT), NOTES_CREATED, 2);
    fixture.client.updateItem(update ->
        update
            .tableName(fixture.prefix + "usage")
            .key(LedgerItem.hourItemKey(new Usage.TenantHour(first(ACME), EIGHT)))
            .updateExpression("SET m_words = :text")
            .expressionAttributeValues(Map.of(":text", AttributeValue.fromS("many"))));
    assertEquals(List.of(requests(ACME, EIGHT, 1)), fixture.ledger.usage(first(ACME), EIGHT, NINE));
    var notes = fixture.ledger(new ServiceMeters(List.of(NOTES_CREATED)));
    var expected = Amounts.of(Map.of(KernelMeter.REQUESTS, 1L, NOTES_CREATED, 2L));
    assertEquals(
        List.of(Usage.of(first(ACME), EIGHT, expected)), notes.usage(first(ACME), EIGHT, NINE));
  }

  @Test
  void returnsTheHalfOpenRangeOfOneTenant() {
    fixture.ledger.ship(
        batch(requests(ACME, EIGHT, 1), requests(ACME, NINE, 2), requests(GLOBEX, EIGHT, 4)));
    assertEquals(List.of(requests(ACME, EIGHT, 1)), fixture.ledger.usage(first(ACME), EIGHT, NINE));
    assertEquals(List.of(), fixture.ledger.usage(first(new TenantId("acm")), EIGHT, NINE));
    assertEquals(List.of(), fixture.ledger.usage(first(ACME), EIGHT, EIGHT));
  }

  @Test
  void registersTenantsByDay() {
    fixture.ledger.ship(batch(requests(ACME, EIGHT, 1)));
    fixture.ledger.setCount(
        new Usage.TenantHour(first(GLOBEX), EIGHT.plus(Duration.ofDays(1))),
        MeteringFixture.ORDERS_PLACED,
        1);
    assertEquals(Set.of(first(ACME)), fixture.ledger.tenants(EIGHT, NINE));
    assertEquals(
        Set.of(first(ACME), first(GLOBEX)),
        fixture.ledger.tenants(EIGHT, NINE.plus(Duration.ofDays(1))));
  }

  @Test
  void throwsApiErrorsDuringAnOutage() {
    fixture.faultInjector.handleWith(
        FaultInjectingClient.replyWithError(500, "InternalServerError"));
    assertThrows(ApiException.class, () -> fixture.ledger.usage(first(ACME), EIGHT, NINE));
    assertThrows(
        ApiException.class,
        () ->
            fixture.ledger.setCount(
                new Usage.TenantHour(first(ACME), EIGHT), MeteringFixture.ORDERS_PLACED, 1));
  }

  @Test
  void reportsAndCreatesAMissingTable(LocalDynamo dynamo) {
    var table =
        new TableProvisioning(fixture.client, List.of(Ledger.schema(dynamo.uniquePrefix())));
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
