package dev.partywall.metering.quota;

import static dev.partywall.metering.meter.MeteredTenant.first;
import static dev.partywall.metering.meter.UsageSamples.ACME;
import static dev.partywall.metering.meter.UsageSamples.EIGHT;
import static dev.partywall.metering.meter.UsageSamples.GLOBEX;
import static dev.partywall.metering.meter.UsageSamples.requests;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.local.LocalDynamo;
import dev.partywall.metering.MeteringFixture;
import dev.partywall.metering.journal.Batch;
import dev.partywall.metering.ledger.DailyRequests;
import dev.partywall.metering.meter.MeteredTenant;
import dev.partywall.storage.FaultInjectingClient;
import dev.partywall.tenancy.TenantId;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
class MonthlyRequestsTest {
  private MeteringFixture fixture;
  private MonthlyRequests monthly;

  @BeforeEach
  void open(LocalDynamo dynamo) throws IOException {
    fixture = new MeteringFixture(dynamo);
    monthly =
        new MonthlyRequests(
            new DailyRequests(fixture.ledger), fixture.clock, fixture.nanoClock::get, 4);
  }

  @AfterEach
  void close() throws IOException {
    fixture.close();
  }

  @Test
  void anotherIncarnationStartsWithoutRequests() {
    ship(5);
    start();
    var second = new MeteredTenant(ACME, 2);
    monthly.requestsThisMonth(second);
    readDue();
    assertEquals(OptionalLong.of(5), monthly.requestsThisMonth(first(ACME)));
    assertEquals(OptionalLong.of(0), monthly.requestsThisMonth(second));
  }

  @Test
  void knowsOnlyTheRequestsOfThisInstanceUntilTheFirstReadHasEnded() {
    ship(5);
    assertEquals(OptionalLong.empty(), monthly.requestsThisMonth(first(ACME)));
    accept(2);
    assertEquals(OptionalLong.empty(), monthly.requestsThisMonth(first(ACME)));
    assertEquals(2, monthly.knownRequestsThisMonth(first(ACME)));
    readDue();
    assertEquals(OptionalLong.of(5), monthly.requestsThisMonth(first(ACME)));
    assertEquals(5, monthly.knownRequestsThisMonth(first(ACME)));
    assertEquals(OptionalLong.empty(), monthly.requestsThisMonth(first(GLOBEX)));
  }

  @Test
  void addsTheRequestsOfThisInstanceAtOnceAndOnlyOnce() {
    ship(5);
    start();
    accept(3);
    assertEquals(OptionalLong.of(8), monthly.requestsThisMonth(first(ACME)));
    ship(3);
    readAfter(MonthlyRequests.READ_INTERVAL);
    assertEquals(OptionalLong.of(8), monthly.requestsThisMonth(first(ACME)));
  }

  @Test
  void addsTheRequestsOfOtherInstancesAfterAMinute() {
    start();
    ship(7);
    readAfter(Duration.ofSeconds(59));
    assertEquals(OptionalLong.of(0), monthly.requestsThisMonth(first(ACME)));
    readAfter(Duration.ofSeconds(1));
    assertEquals(OptionalLong.of(7), monthly.requestsThisMonth(first(ACME)));
  }

  @Test
  void readsATenantOnlyIfItsRequestsAskForIt() {
    start();
    var calls = fixture.faultInjector.requests().size();
    advance(Duration.ofMinutes(5));
    accept(1);
    readDue();
    assertEquals(calls, fixture.faultInjector.requests().size());
    monthly.requestsThisMonth(first(ACME));
    monthly.requestsThisMonth(first(ACME));
    readDue();
    assertEquals(calls + 2, fixture.faultInjector.requests().size());
  }

  @Test
  void keepsRequestsThatAreNotShippedDuringAnOutage() {
    ship(5);
    start();
    fixture.faultInjector.handleWith(
        FaultInjectingClient.replyWithError(500, "InternalServerError"));
    accept(2);
    monthly.requestsThisMonth(first(ACME));
    advance(MonthlyRequests.READ_INTERVAL);
    monthly.requestsThisMonth(first(ACME));
    assertTrue(monthly.readDue().isPresent());
    accept(1);
    assertEquals(OptionalLong.of(8), monthly.requestsThisMonth(first(ACME)));
    fixture.faultInjector.handleWith(FaultInjectingClient.FORWARD);
    readAfter(MonthlyRequests.RETRY_DELAY);
    assertEquals(OptionalLong.of(8), monthly.requestsThisMonth(first(ACME)));
  }

  @Test
  void startsAgainAtTheEndOfTheMonth() {
    start();
    accept(4);
    fixture.clock.advance(
        Duration.between(fixture.clock.instant(), Instant.parse("2026-11-30T23:59:59.999Z")));
    assertEquals(OptionalLong.of(4), monthly.requestsThisMonth(first(ACME)));
    fixture.clock.advance(Duration.ofMillis(1));
    accept(1);
    assertEquals(OptionalLong.empty(), monthly.requestsThisMonth(first(ACME)));
    readDue();
    accept(2);
    assertEquals(OptionalLong.of(2), monthly.requestsThisMonth(first(ACME)));
  }

  @Test
  void forgetsTheTenantsThatDoNotReturn() {
    ship(5);
    start();
    for (var i = 0; i < 5; i++) {
      monthly.requestsThisMonth(first(new TenantId("t" + i)));
    }
    assertEquals(OptionalLong.empty(), monthly.requestsThisMonth(first(ACME)));
    readDue();
    monthly.requestsThisMonth(first(ACME));
    readDue();
    assertEquals(OptionalLong.of(5), monthly.requestsThisMonth(first(ACME)));
  }

  @Test
  void readsAgainWhatAnOutageSkipped() {
    var many =
        new MonthlyRequests(
            new DailyRequests(fixture.ledger), fixture.clock, fixture.nanoClock::get, 1000);
    fixture.faultInjector.handleWith(
        FaultInjectingClient.replyWithError(400, "AccessDeniedException"));
    var tenants = IntStream.range(0, 200).mapToObj(i -> first(new TenantId("t" + i))).toList();
    tenants.forEach(many::requestsThisMonth);
    assertTrue(many.readDue().isPresent());
    fixture.faultInjector.handleWith(FaultInjectingClient.FORWARD);
    advance(MonthlyRequests.RETRY_DELAY);
    tenants.forEach(many::requestsThisMonth);
    assertEquals(Optional.empty(), many.readDue());
    tenants.forEach(tenant -> assertEquals(OptionalLong.of(0), many.requestsThisMonth(tenant)));
  }

  private void start() {
    monthly.requestsThisMonth(first(ACME));
    readDue();
  }

  private void accept(int requests) {
    for (var i = 0; i < requests; i++) {
      monthly.addRequest(first(ACME));
    }
  }

  private void ship(long count) {
    fixture.ledger.ship(new Batch(UUID.randomUUID(), 0, List.of(requests(ACME, EIGHT, count))));
  }

  private void readAfter(Duration time) {
    advance(time);
    monthly.requestsThisMonth(first(ACME));
    readDue();
  }

  private void readDue() {
    assertEquals(Optional.empty(), monthly.readDue());
  }

  private void advance(Duration by) {
    fixture.nanoClock.addAndGet(by.toNanos());
  }
}
