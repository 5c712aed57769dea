package dev.partywall.metering.commands;

import static dev.partywall.metering.meter.MeteredTenant.first;
import static dev.partywall.metering.meter.UsageSamples.ACME;
import static dev.partywall.metering.meter.UsageSamples.EIGHT;
import static dev.partywall.metering.meter.UsageSamples.GLOBEX;
import static dev.partywall.metering.meter.UsageSamples.NINE;
import static dev.partywall.metering.meter.UsageSamples.requests;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.partywall.json.Json;
import dev.partywall.local.LocalDynamo;
import dev.partywall.metering.MeteringFixture;
import dev.partywall.metering.journal.Batch;
import dev.partywall.metering.ledger.Ledger;
import dev.partywall.metering.meter.Usage;
import dev.partywall.metering.meter.UsageMeter.KernelMeter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Tests the documented procedure: periodic runs that forward the final events. */
@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
class ExportProcedureTest {
  private final Map<String, JsonNode> forwarded = new HashMap<>();
  private String lastRun = "2026-11-24T08:00:00Z";
  private MeteringFixture fixture;

  @BeforeEach
  void open(LocalDynamo dynamo) throws IOException {
    fixture = new MeteringFixture(dynamo);
  }

  @AfterEach
  void close() throws IOException {
    fixture.close();
  }

  /**
   * Every run states the start of the previous one. The receiver counts each id once. Another test
   * uses the default period, which has 840 hours to read.
   */
  @Test
  void hourlyRunsForwardAllUsageOnce() {
    var eight = new Usage.TenantHour(first(ACME), EIGHT);
    ship(requests(ACME, EIGHT, 12));
    forwardFinalEventsSinceTodayAt("2026-11-24T09:05:00Z");
    setClock("2026-11-24T09:20:00Z");
    ship(requests(ACME, EIGHT, 3));
    ship(requests(GLOBEX, NINE, 5));
    fixture.ledger.setCount(eight, MeteringFixture.ORDERS_PLACED, 2);
    setClock("2026-11-24T09:40:00Z");
    ship(requests(ACME, NINE, 7));
    forwardFinalEventsSinceTodayAt("2026-11-24T10:05:00Z");
    setClock("2026-11-24T10:40:00Z"); // late for the hour from eight
    ship(requests(ACME, EIGHT, 1));
    fixture.ledger.setCount(eight, MeteringFixture.ORDERS_PLACED, 3);
    forwardFinalEventsSinceTodayAt("2026-11-24T11:05:00Z");
    forwardFinalEventsSinceTodayAt("2026-11-24T12:05:00Z");
    forwardFinalEventsSinceTodayAt("2026-11-24T13:05:00Z");
    setClock("2026-11-24T13:10:00Z"); // the slow clock shows 12:41
    ship(slowLedger(Duration.ofMinutes(29)), requests(ACME, EIGHT, 20));
    forwardFinalEventsSinceTodayAt("2026-11-24T14:05:00Z");
    setClock("2026-11-25T07:59:00Z");
    ship(requests(GLOBEX, NINE, 30));
    forwardFinalEventsSinceTodayAt("2026-11-25T08:05:00Z");
    assertEquals(
        Map.of(
            "acme 2026-11-24T08:00:00Z requests", 36L,
            "acme 2026-11-24T08:00:00Z ordersPlaced", 3L,
            "acme 2026-11-24T09:00:00Z requests", 7L,
            "globex 2026-11-24T09:00:00Z requests", 35L),
        forwardedSums());
    assertEquals(36, fixture.ledgerAmount(ACME, EIGHT, KernelMeter.REQUESTS));
    assertEquals(3, fixture.ledgerAmount(ACME, EIGHT, MeteringFixture.ORDERS_PLACED));
    assertEquals(7, fixture.ledgerAmount(ACME, NINE, KernelMeter.REQUESTS));
    assertEquals(35, fixture.ledgerAmount(GLOBEX, NINE, KernelMeter.REQUESTS));
  }

  /** The hour before midnight becomes final after the run of the night. */
  @Test
  void dailyRunsForwardTheHourBeforeMidnight() {
    setClock("2026-11-24T23:10:00Z");
    ship(requests(ACME, Instant.parse("2026-11-24T23:00:00Z"), 4));
    forwardFinalEventsSinceTodayAt("2026-11-25T00:30:00Z");
    assertEquals(Map.of(), forwardedSums());
    forwardFinalEventsSinceTodayAt("2026-11-26T00:30:00Z");
    assertEquals(Map.of("acme 2026-11-24T23:00:00Z requests", 4L), forwardedSums());
  }

  /** A journal that is 31 days old is shipped. The next run is 16 days later. */
  @Test
  void aRunAfterALongPauseForwardsCorrectionsOfOldHours() {
    forwardFinalEventsAt("2026-12-24T08:00:00Z");
    setClock("2026-12-25T08:00:00Z");
    ship(requests(ACME, EIGHT, 6));
    forwardFinalEventsAt("2027-01-10T08:00:00Z");
    assertEquals(Map.of("acme 2026-11-24T08:00:00Z requests", 6L), forwardedSums());
  }

  private void setClock(String time) {
    fixture.clock.advance(Duration.between(fixture.clock.instant(), Instant.parse(time)));
  }

  private void forwardFinalEventsSinceTodayAt(String time) {
    forwardFinalEventsAt(time, "--from", "2026-11-24T00:00:00Z");
  }

  private void forwardFinalEventsAt(String time, String... period) {
    setClock(time);
    for (var event : changesSince(lastRun, period)) {
      if (event.path("final").booleanValue()) {
        var earlier = forwarded.putIfAbsent(event.path("id").asText(), event);
        assertTrue(earlier == null || earlier.equals(event), event::toString);
      }
    }
    lastRun = time;
  }

  private Map<String, Long> forwardedSums() {
    return forwarded.values().stream()
        .collect(
            Collectors.toMap(
                event ->
                    String.join(
                        " ",
                        event.path("subject").asText(),
                        event.path("time").asText(),
                        event.at("/data/meter").asText()),
                event -> event.at("/data/value").longValue(),
                Long::sum));
  }

  private Ledger slowLedger(Duration difference) {
    return new Ledger(
        fixture.client,
        fixture.prefix,
        MeteringFixture.METERS,
        () -> fixture.clock.instant().minus(difference),
        new SecureRandom());
  }

  private List<JsonNode> changesSince(String time, String... period) {
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    var exitCode =
        new ExportUsage(fixture.ledger, fixture.clock)
            .run(
                Stream.concat(Stream.of("--changed-since", time), Stream.of(period)).toList(),
                print(out),
                print(err));
    assertEquals(0, exitCode, err::toString);
    return out.toString(StandardCharsets.UTF_8)
        .lines()
        .map(line -> Json.parse(line.getBytes(StandardCharsets.UTF_8)))
        .toList();
  }

  private static PrintStream print(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, StandardCharsets.UTF_8);
  }

  private void ship(Usage usage) {
    ship(fixture.ledger, usage);
  }

  private static void ship(Ledger ledger, Usage usage) {
    ledger.ship(new Batch(UUID.randomUUID(), 0, List.of(usage)));
  }
}
