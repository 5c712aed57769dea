package dev.partywall.metering.quota;

import static dev.partywall.metering.meter.MeteredTenant.first;
import static dev.partywall.metering.meter.UsageSamples.ACME;
import static dev.partywall.metering.meter.UsageSamples.requests;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.error.ApiException;
import dev.partywall.local.LocalDynamo;
import dev.partywall.metering.MeteringFixture;
import dev.partywall.metering.journal.Batch;
import dev.partywall.metering.ledger.DailyRequests;
import dev.partywall.storage.FaultInjectingClient;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
class MonthReaderTest {
  private static final YearMonth NOVEMBER = YearMonth.of(2026, 11);
  private static final Instant YESTERDAY = Instant.parse("2026-11-23T23:00:00Z");
  private static final Instant TODAY = Instant.parse("2026-11-24T08:00:00Z");

  private MeteringFixture fixture;
  private DailyRequests dailyRequests;
  private Instance instance;

  @BeforeEach
  void open(LocalDynamo dynamo) throws IOException {
    fixture = new MeteringFixture(dynamo);
    dailyRequests = new DailyRequests(fixture.ledger);
    instance = new Instance();
  }

  @AfterEach
  void close() throws IOException {
    fixture.close();
  }

  @Test
  void addsUpTheHoursOfOpenDays() {
    instance.ship(YESTERDAY, 3);
    instance.ship(TODAY, 4);
    instance.ship(Instant.parse("2026-10-31T23:00:00Z"), 100);
    instance.ship(Instant.parse("2026-12-01T00:00:00Z"), 200);
    assertEquals(7, instance.read());
  }

  @Test
  void closesADayThatIsUnchangedForTheClosingDelay() {
    instance.ship(YESTERDAY, 3);
    instance.ship(TODAY, 4);
    instance.read();
    advance(MonthReader.CLOSING_DELAY.minusSeconds(1));
    instance.read();
    assertEquals(Optional.empty(), closedRequests("2026-11-23"));
    advance(Duration.ofSeconds(1));
    instance.read();
    assertEquals(Optional.of("3"), closedRequests("2026-11-23"));
    assertEquals(Optional.of("0"), closedRequests("2026-11-01"));
    assertEquals(Optional.empty(), closedRequests("2026-11-24"));
    assertEquals(7, instance.read());
  }

  @Test
  void remembersOnlyDaysThatHaveEnded() {
    instance.ship(TODAY, 4);
    instance.ship(TODAY.plus(Duration.ofDays(1)), 5); // by an instance with a fast clock
    assertEquals(9, instance.read());
    assertEquals(23, instance.openDays.size());
    advance(MonthReader.CLOSING_DELAY);
    instance.read();
    assertEquals(9, instance.read());
    assertEquals(0, instance.openDays.size());
  }

  @Test
  void readsClosedDaysAndOpenHoursWithOneQueryEach() {
    for (var day = 1; day < 24; day++) {
      instance.ship(Instant.parse("2026-11-%02dT10:00:00Z".formatted(day)), day);
    }
    closeDays(instance);
    // No hour has this number, so it comes from the day.
    setClosedRequests("2026-11-23", "1000");
    instance.ship(TODAY, 4);
    var calls = fixture.faultInjector.requests().size();
    assertEquals(22 * 23 / 2 + 1000 + 4, new Instance().read());
    assertEquals(
        List.of("Query", "Query"),
        fixture.faultInjector.requests().subList(calls, fixture.faultInjector.calls().size()));
  }

  @Test
  void opensADayAgainForALateBatch() {
    instance.ship(YESTERDAY, 3);
    closeDays(instance);
    new Instance().ship(YESTERDAY, 5);
    assertEquals(8, instance.read());
    closeDays(instance);
    assertEquals(Optional.of("8"), closedRequests("2026-11-23"));
  }

  @Test
  void opensADayOncePerValidity() {
    assertEquals(List.of("PutItem", "TransactWriteItems", "UpdateItem"), callsOfShipping());
    advance(DayOpener.VALIDITY.minusSeconds(1));
    assertEquals(List.of("TransactWriteItems"), callsOfShipping());
    advance(Duration.ofSeconds(1));
    assertEquals(List.of("TransactWriteItems", "UpdateItem"), callsOfShipping());
    assertTrue(DayOpener.VALIDITY.plusMinutes(4).compareTo(MonthReader.CLOSING_DELAY) < 0);
  }

  @Test
  void doesNotCloseADayToWhichABatchIsShippedMeanwhile() {
    instance.ship(YESTERDAY, 3);
    instance.read();
    advance(MonthReader.CLOSING_DELAY);
    var late = new Instance();
    fixture.faultInjector.handleNextWith(days -> {
      var reply = days.send();
      fixture.faultInjector.handleNextWith(hours -> {
        var sums = hours.send();
        late.ship(YESTERDAY, 5);
        return Optional.of(sums);
      });
      return Optional.of(reply);
    });
    assertEquals(3, instance.read());
    assertEquals(Optional.empty(), closedRequests("2026-11-23"));
    assertEquals(8, instance.read());
  }

  @Test
  void aPauseDuringTheReadOfTheDaysDoesNotCountAsUnchangedTime() {
    instance.ship(YESTERDAY, 3);
    pauseDuringTheNextRead();
    instance.read();
    instance.read();
    assertEquals(Optional.empty(), closedRequests("2026-11-23"));
    pauseDuringTheNextRead();
    instance.read();
    assertEquals(Optional.empty(), closedRequests("2026-11-23"));
  }

  private void pauseDuringTheNextRead() {
    fixture.faultInjector.handleNextWith(days -> {
      var reply = days.send();
      advance(Duration.ofMinutes(20));
      return Optional.of(reply);
    });
  }

  @Test
  void countsABatchAsNotShippedUntilItsDayIsOpen() {
    var batch = new Batch(UUID.randomUUID(), 0, List.of(requests(ACME, YESTERDAY, 3)));
    fixture.faultInjector.handleOperationWith(
        "UpdateItem", FaultInjectingClient.replyWithError(500, "InternalServerError"));
    assertThrows(ApiException.class, () -> instance.opener.ship(batch));
    fixture.faultInjector.handleOperationWith("UpdateItem", FaultInjectingClient.FORWARD);
    instance.opener.ship(batch);
    assertEquals(3, instance.read());
    assertTrue(
        Objects.requireNonNull(
                dailyRequests
                    .days(first(ACME), NOVEMBER.atDay(23), NOVEMBER.atDay(23))
                    .get(NOVEMBER.atDay(23)))
            .nonce()
            .isPresent());
  }

  @Test
  void equalsTheSumOfAllBatchesAfterRandomSteps() {
    var random = new Random(11);
    var instances = List.of(new Instance(), new Instance());
    var shipped = 0;
    for (var step = 0; step < 200; step++) {
      var acting = instances.get(random.nextInt(2));
      switch (random.nextInt(5)) {
        case 0 -> {
          acting.ship(TODAY.minus(Duration.ofHours(random.nextInt(72))), 1 + step);
          shipped += 1 + step;
        }
        case 1, 2 -> advance(Duration.ofMinutes(random.nextInt(12)));
        default -> assertEquals(shipped, acting.read(), "step " + step);
      }
    }
    closeDays(instance);
    assertEquals(shipped, instance.read());
  }

  private void closeDays(Instance closing) {
    closing.read();
    advance(MonthReader.CLOSING_DELAY);
    closing.read();
  }

  private List<String> callsOfShipping() {
    var before = fixture.faultInjector.requests().size();
    instance.ship(TODAY, 1);
    var calls = fixture.faultInjector.requests();
    return calls.subList(before, calls.size());
  }

  private void advance(Duration by) {
    fixture.nanoClock.addAndGet(by.toNanos());
  }

  private Optional<String> closedRequests(String day) {
    var item =
        fixture.client.getItem(get -> get.tableName(fixture.prefix + "usage").key(key(day))).item();
    return Optional.ofNullable(item.get("requests")).map(AttributeValue::n);
  }

  private void setClosedRequests(String day, String requests) {
    fixture.client.updateItem(update ->
        update
            .tableName(fixture.prefix + "usage")
            .key(key(day))
            .updateExpression("SET requests = :requests")
            .expressionAttributeValues(Map.of(":requests", AttributeValue.fromN(requests))));
  }

  private static Map<String, AttributeValue> key(String day) {
    return Map.of("pk", AttributeValue.fromS("acme"), "sk", AttributeValue.fromS("day#" + day));
  }

  /** The parts of an instance that open, read and close days. */
  private final class Instance {
    private final DayOpener opener =
        new DayOpener(
            fixture.ledger::ship, dailyRequests, UUID::randomUUID, fixture.nanoClock::get);
    private final MonthReader reader =
        new MonthReader(dailyRequests, fixture.clock, fixture.nanoClock::get);
    private final MonthReader.OpenDays openDays = new MonthReader.OpenDays();

    void ship(Instant hour, long count) {
      opener.ship(new Batch(UUID.randomUUID(), 0, List.of(requests(ACME, hour, count))));
    }

    long read() {
      return reader.read(first(ACME), NOVEMBER, openDays);
    }
  }
}
