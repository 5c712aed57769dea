package dev.partywall.metering;

import static dev.partywall.concurrent.Latches.await;
import static dev.partywall.metering.meter.MeteredTenant.first;
import static dev.partywall.metering.meter.UsageSamples.ACME;
import static dev.partywall.metering.meter.UsageSamples.EIGHT;
import static dev.partywall.metering.meter.UsageSamples.GLOBEX;
import static dev.partywall.metering.meter.UsageSamples.requests;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.local.LocalDynamo;
import dev.partywall.metering.journal.Batch;
import dev.partywall.metering.ledger.DailyRequests;
import dev.partywall.metering.quota.MonthlyRequests;
import dev.partywall.storage.FaultInjectingClient;
import dev.partywall.tenancy.TenantId;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
@Timeout(60)
class MonthReadsTest {
  private MeteringFixture fixture;
  private MonthReads reads;

  @BeforeEach
  void open(LocalDynamo dynamo) throws IOException {
    fixture = new MeteringFixture(dynamo);
    reads = reads(Duration.ofSeconds(30));
  }

  @AfterEach
  void close() throws IOException {
    fixture.close();
  }

  private MonthReads reads(Duration maxWait) {
    var months =
        new MonthlyRequests(
            new DailyRequests(fixture.ledger), fixture.clock, fixture.nanoClock::get, 10);
    return new MonthReads(months, maxWait);
  }

  private void ship(TenantId tenant, long count) {
    fixture.ledger.ship(new Batch(UUID.randomUUID(), 0, List.of(requests(tenant, EIGHT, count))));
  }

  @Test
  void theFirstRequestOfATenantWaitsForItsNumber() {
    ship(ACME, 5);
    assertEquals(OptionalLong.of(5), reads.requestsThisMonth(first(ACME)));
    assertEquals(OptionalLong.of(0), reads.requestsThisMonth(first(GLOBEX)));
  }

  @Test
  void aRequestAfterAMinuteWaitsForTheNewNumber() {
    ship(ACME, 5);
    reads.requestsThisMonth(first(ACME));
    ship(ACME, 2);
    fixture.nanoClock.addAndGet(Duration.ofSeconds(59).toNanos());
    assertEquals(OptionalLong.of(5), reads.requestsThisMonth(first(ACME)));
    fixture.nanoClock.addAndGet(Duration.ofSeconds(1).toNanos());
    assertEquals(OptionalLong.of(7), reads.requestsThisMonth(first(ACME)));
  }

  @Test
  void aRequestDoesNotWaitLongerForASlowLedger() {
    var never = new CountDownLatch(1);
    fixture.faultInjector.handleWith(call -> {
      await(never);
      return FaultInjectingClient.FORWARD.handle(call);
    });
    assertEquals(OptionalLong.empty(), reads(Duration.ofMillis(50)).requestsThisMonth(first(ACME)));
    never.countDown();
  }

  @Test
  void anUnavailableLedgerIsReportedUntilTheNextSuccess() {
    fixture.faultInjector.handleWith(
        FaultInjectingClient.replyWithError(400, "AccessDeniedException"));
    assertEquals(OptionalLong.empty(), reads.requestsThisMonth(first(ACME)));
    assertTrue(reads.problem().orElseThrow().startsWith("Reading the requests of the month"));
    fixture.faultInjector.handleWith(FaultInjectingClient.FORWARD);
    reads.requestsThisMonth(first(GLOBEX));
    assertEquals(Optional.empty(), reads.problem());
  }
}
