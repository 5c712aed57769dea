package dev.partywall.metering;

import static dev.partywall.metering.meter.UsageSamples.ACME;
import static dev.partywall.metering.meter.UsageSamples.EIGHT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.fail;

import dev.partywall.concurrent.Conditions;
import dev.partywall.local.LocalDynamo;
import dev.partywall.metering.journal.Batch;
import dev.partywall.metering.journal.JournalUnusableException;
import dev.partywall.metering.meter.Usage;
import dev.partywall.metering.meter.UsageMeter;
import dev.partywall.metering.meter.UsageMeter.KernelMeter;
import dev.partywall.metering.meter.UsageSamples;
import dev.partywall.storage.FaultInjectingClient;
import dev.partywall.tenancy.Tenant;
import dev.partywall.tenancy.TestExecution;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
class MeteringTest {
  private static final Metering.Intervals SHORT_INTERVALS =
      new Metering.Intervals(Duration.ofMillis(5), Duration.ofMillis(10), Duration.ofMillis(20));
  private static final Metering.Intervals LONG_INTERVALS =
      new Metering.Intervals(Duration.ofDays(1), Duration.ofDays(1), Duration.ofDays(1));

  private @TempDir Path folder;
  private MeteringFixture fixture;
  private Metering metering;

  @BeforeEach
  void open(LocalDynamo dynamo) throws Exception {
    fixture = new MeteringFixture(dynamo);
    metering = metering();
  }

  @AfterEach
  void close() throws IOException {
    fixture.faultInjector.handleWith(FaultInjectingClient.FORWARD);
    metering.close();
    fixture.close();
  }

  @Test
  void shipsUsageToTheLedgerPeriodically() {
    start(SHORT_INTERVALS);
    sendRequest();
    MeteringFixture.placeOrder(fixture.ordersTable(metering.countedWriteListener()), ACME);
    await(() -> ledger(KernelMeter.REQUESTS) == 1 && ledger(MeteringFixture.ORDERS_PLACED) == 1);
    await(() -> ledger(KernelMeter.BYTES_OUT) == 2 && metering.status().problem().isEmpty());
  }

  @Test
  void shipsAllUsageWhenClosed() throws Exception {
    start(LONG_INTERVALS);
    sendRequest();
    MeteringFixture.placeOrder(fixture.ordersTable(metering.countedWriteListener()), ACME);
    metering.close();
    assertEquals(1, ledger(KernelMeter.REQUESTS));
    assertEquals(1, ledger(MeteringFixture.ORDERS_PLACED));
    metering = metering();
    assertEquals(0, metering.status().segments());
  }

  @Test
  void addsTheRequestsOfTheMonth() {
    fixture.ledger.ship(
        new Batch(UUID.randomUUID(), 0, List.of(UsageSamples.requests(ACME, EIGHT, 5))));
    start(SHORT_INTERVALS);
    await(() -> metering.knownRequestsThisMonth(new Tenant(ACME)) == 5);
    sendRequest();
    assertEquals(6, metering.knownRequestsThisMonth(new Tenant(ACME)));
    await(() ->
        fixture
            .client
            .getItem(get ->
                get.tableName(fixture.prefix + "usage")
                    .key(
                        Map.of(
                            "pk", AttributeValue.fromS("acme"),
                            "sk", AttributeValue.fromS("day#2026-11-24"))))
            .hasItem());
  }

  @Test
  void reportsAnOutageAndLosesNothing() {
    start(SHORT_INTERVALS);
    MeteringFixture.placeOrder(fixture.ordersTable(metering.countedWriteListener()), ACME);
    fixture.faultInjector.handleWith(
        FaultInjectingClient.replyWithError(500, "InternalServerError"));
    sendRequest();
    await(() -> metering.status().problems().size() >= 2 && metering.status().bytes() > 0);
    fixture.faultInjector.handleWith(FaultInjectingClient.FORWARD);
    await(() -> ledger(KernelMeter.REQUESTS) == 1 && ledger(MeteringFixture.ORDERS_PLACED) == 1);
    await(() -> metering.status().problem().isEmpty());
  }

  @Test
  void shipsTheRestAfterTheNextStart() throws Exception {
    start(LONG_INTERVALS);
    sendRequest();
    fixture.faultInjector.handleWith(
        FaultInjectingClient.replyWithError(500, "InternalServerError"));
    metering.close();
    fixture.faultInjector.handleWith(FaultInjectingClient.FORWARD);
    assertEquals(0, ledger(KernelMeter.REQUESTS));
    metering = metering();
    start(SHORT_INTERVALS);
    await(() -> ledger(KernelMeter.REQUESTS) == 1);
  }

  @Test
  @Timeout(60)
  void shutsDownDuringALedgerHangAndLosesNothing() throws Exception {
    start(LONG_INTERVALS);
    sendRequest();
    var ledgerResponds = new CountDownLatch(1);
    fixture.faultInjector.handleWith(request -> {
      await(ledgerResponds);
      return FaultInjectingClient.FORWARD.handle(request);
    });
    metering.close(Duration.ofMillis(1));
    metering = metering();
    assertEquals(1, metering.status().segments());
    ledgerResponds.countDown();
    start(SHORT_INTERVALS);
    await(() -> metering.status().segments() == 0);
    assertEquals(1, ledger(KernelMeter.REQUESTS));
  }

  @Test
  @Timeout(60)
  void writesTheJournalAfterTheShutdownTimeout() throws Exception {
    start(LONG_INTERVALS);
    sendRequest();
    fixture.faultInjector.handleWith(FaultInjectingClient.DISCONNECT);
    metering.close(Duration.ofSeconds(-1));
    metering = metering();
    assertEquals(1, metering.status().segments());
  }

  @Test
  void rejectsASecondInstanceInTheSameFolder() {
    assertThrows(JournalUnusableException.class, this::metering);
  }

  private Metering metering() throws JournalUnusableException {
    var sources =
        new Metering.Sources(
            fixture.clock,
            System::nanoTime,
            UUID::randomUUID,
            TestExecution::create,
            MeteringFixture::tierName);
    return Metering.open(folder.resolve("journal"), fixture.ledger, sources);
  }

  private void start(Metering.Intervals intervals) {
    metering.start(fixture.countedWrites, Tenant::new, intervals);
  }

  private void sendRequest() {
    UsageSamples.request(metering.meter());
  }

  private long ledger(UsageMeter measure) {
    return fixture.ledgerAmount(ACME, Usage.startOfHour(fixture.clock.instant()), measure);
  }

  private static void await(CountDownLatch latch) throws IOException {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  private static void await(BooleanSupplier condition) {
    var deadline = Instant.now().plusSeconds(30);
    while (!condition.getAsBoolean()) {
      if (Instant.now().isAfter(deadline)) {
        fail("Condition not met within 30 s");
      }
      Conditions.pause();
    }
  }
}
