package dev.partywall.metering.commands;

import static dev.partywall.metering.meter.MeteredTenant.first;
import static dev.partywall.metering.meter.UsageSamples.ACME;
import static dev.partywall.metering.meter.UsageSamples.EIGHT;
import static dev.partywall.metering.meter.UsageSamples.GLOBEX;
import static dev.partywall.metering.meter.UsageSamples.NINE;
import static dev.partywall.metering.meter.UsageSamples.requests;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.partywall.json.Json;
import dev.partywall.local.LocalDynamo;
import dev.partywall.metering.MeteringFixture;
import dev.partywall.metering.journal.Batch;
import dev.partywall.metering.meter.Amounts;
import dev.partywall.metering.meter.MeteredTenant;
import dev.partywall.metering.meter.OperationMeter;
import dev.partywall.metering.meter.Usage;
import dev.partywall.metering.meter.UsageMeter.KernelMeter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
class ExportUsageTest {
  private static final List<String> EIGHT_TO_TEN =
      List.of(
          "--from", "2026-11-24T08:00:00Z", "--to", "2026-11-24T10:00:00Z", "--source", "urn:shop");
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
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
  void namesTheIncarnationOfATenantThatWasRegisteredAgain() {
    ship(Usage.of(new MeteredTenant(ACME, 2), EIGHT, Amounts.of(KernelMeter.BYTES_IN, 5)));
    assertEquals(0, export(EIGHT_TO_TEN), err::toString);
    var event = lines().getFirst();
    assertEquals("acme.2", event.path("subject").asText());
    assertEquals("acme", event.path("data").path("tenant").asText());
    assertEquals(2, event.path("data").path("incarnation").asInt());
  }

  @Test
  void exportsEventsWithStableIds() {
    ship(requests(ACME, EIGHT, 12));
    ship(Usage.of(first(ACME), EIGHT, Amounts.of(KernelMeter.READ_UNITS, 7500)));
    ship(requests(GLOBEX, NINE, 1));
    ship(requests(GLOBEX, NINE.plus(Duration.ofHours(1)), 99));
    fixture.clock.advance(Duration.ofMinutes(70));
    assertEquals(0, export(EIGHT_TO_TEN), err::toString);
    var expected =
        """
        {"specversion":"1.0","id":"IDENTIFIER","source":"urn:shop",\
        "type":"dev.partywall.usage.v1","subject":"acme","time":"2026-11-24T08:00:00Z",\
        "datacontenttype":"application/json","final":true,"data":{"meter":"readUnits","value":7.5,\
        "from":"2026-11-24T08:00:00Z","to":"2026-11-24T09:00:00Z"}}\
        """;
    var events = lines();
    var id = events.get(1).path("id").asText();
    assertTrue(id.matches("[A-Za-z0-9_-]{32}"), id);
    assertEquals(expected.replace("IDENTIFIER", id), events.get(1).toString());
    assertEquals(3, events.size());
    assertEquals(false, events.get(2).path("final").booleanValue());
    out.reset();
    export(EIGHT_TO_TEN);
    assertEquals(events, lines());
    assertEquals(3, new HashSet<>(lines().stream().map(event -> event.path("id")).toList()).size());
  }

  @Test
  void exportsNothingOfTheOperationsOnATenant() {
    ship(requests(ACME, EIGHT, 12));
    var operations = Amounts.of(OperationMeter.READ_UNITS, 9_000);
    ship(Usage.of(first(ACME), EIGHT, operations));
    ship(Usage.of(first(GLOBEX), EIGHT, operations));
    fixture.clock.advance(Duration.ofHours(3));
    ship(Usage.of(first(ACME), EIGHT, operations));
    assertEquals(0, export(EIGHT_TO_TEN), err::toString);
    assertEquals(List.of("12"), values(lines()));
  }

  @Test
  void theSourceAndTheIdsDifferBetweenDeployments() {
    ship(requests(ACME, EIGHT, 12));
    var period = List.of("--from", "2026-11-24T08:00:00Z", "--to", "2026-11-24T10:00:00Z");
    export(period);
    export(EIGHT_TO_TEN);
    var events = lines();
    assertEquals(
        List.of(
            "arn:aws:dynamodb:ddblocal:000000000000:table/" + fixture.prefix + "usage", "urn:shop"),
        events.stream().map(event -> event.path("source").asText()).toList());
    assertNotEquals(events.get(0).path("id"), events.get(1).path("id"));
  }

  /** An instance crashed at 8:59, and was started again at 14:00. */
  @Test
  void lateUsageIsACorrectionAndChangesNoFinalEvent() {
    ship(requests(ACME, EIGHT, 12));
    fixture.clock.advance(Duration.ofHours(5)); // 13:59:50
    export(EIGHT_TO_TEN);
    var first = lines();
    assertEquals(1, first.size());
    assertEquals(true, first.getFirst().path("final").booleanValue());
    var firstExport = fixture.clock.instant();
    fixture.clock.advance(Duration.ofSeconds(10));
    ship(requests(ACME, EIGHT, 3));
    fixture.ledger.setCount(
        new Usage.TenantHour(first(ACME), EIGHT), MeteringFixture.ORDERS_PLACED, 2);
    out.reset();
    export(EIGHT_TO_TEN);
    var all = lines();
    assertEquals(first.getFirst(), all.getFirst());
    assertEquals(List.of("12", "3", "2"), values(all));
    assertEquals(List.of("requests", "requests", "ordersPlaced"), meters(all));
    assertEquals(List.of("true", "true", "true"), texts(all, "/final"));
    assertEquals("2026-11-24T14:00:00Z", all.get(1).at("/data/correctedAt").asText());
    assertEquals(3, new HashSet<>(texts(all, "/id")).size());
    out.reset();
    assertEquals(0, export(List.of("--changed-since", firstExport.toString())), err::toString);
    assertEquals(List.of("3", "2"), values(lines()));
    out.reset();
    exportChanges(fixture.clock.instant());
    assertEquals(List.of("3", "2"), values(lines()));
    out.reset();
    var margin = Duration.ofMinutes(35);
    exportChanges(fixture.clock.instant().plus(margin));
    assertEquals(List.of("3", "2"), values(lines()));
    out.reset();
    var later = fixture.clock.instant().plus(margin).plusMillis(1);
    exportChanges(later);
    assertEquals(List.of(), lines());
  }

  @Test
  void anExportOfChangesContainsTheHoursThatStillGrow() {
    ship(requests(ACME, EIGHT, 12));
    fixture.clock.advance(Duration.ofMinutes(20));
    ship(requests(ACME, NINE, 1));
    exportChanges(Instant.parse("2026-11-24T09:35:00Z"));
    assertEquals(List.of("1"), values(lines()));
    out.reset();
    ship(requests(ACME, EIGHT, 1));
    export(
        List.of(
            "--changed-since", "2026-11-24T09:35:00Z",
            "--from", "2026-11-24T08:00:00Z",
            "--to", "2026-11-24T09:00:00Z"));
    assertEquals(List.of("13"), values(lines()));
    assertEquals(List.of("false"), texts(lines(), "/final"));
  }

  @Test
  void reportsAnOutputThatFails() {
    ship(requests(ACME, EIGHT, 12));
    var full =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("No space left on device");
          }
        };
    var command = new ExportUsage(fixture.ledger, fixture.clock);
    var output = new PrintStream(full, false, StandardCharsets.UTF_8);
    assertEquals(4, command.run(EIGHT_TO_TEN, output, print(err)));
    assertEquals(
        List.of("The output is incomplete: not all usage could be written"),
        err.toString(StandardCharsets.UTF_8).lines().toList());
  }

  @Test
  void rejectsAnExportWithoutAPeriod() {
    assertEquals(2, export(List.of("--from", "today", "--tenant", "acme", "--from")));
    var expected =
        """
        --tenant: is unknown; the options are --changed-since, --from, --source, --to
        --from: needs a value
        --from: must be an RFC 3339 timestamp, such as 2026-11-23T08:00:00Z
        --to: is required
        """;
    assertEquals(expected, err.toString(StandardCharsets.UTF_8));
    assertEquals("", out.toString(StandardCharsets.UTF_8));
  }

  @Test
  void rejectsAnInvalidSource() {
    assertEquals(2, export(List.of("--changed-since", "now", "--source", "my shop")));
    var expected =
        """
        --changed-since: must be an RFC 3339 timestamp, such as 2026-11-23T08:00:00Z
        --source: must be a URI reference
        """;
    assertEquals(expected, err.toString(StandardCharsets.UTF_8));
  }

  private static List<String> values(List<JsonNode> events) {
    return texts(events, "/data/value");
  }

  private static List<String> meters(List<JsonNode> events) {
    return texts(events, "/data/meter");
  }

  private static List<String> texts(List<JsonNode> events, String pointer) {
    return events.stream().map(event -> event.at(pointer).asText()).toList();
  }

  private int export(List<String> args) {
    return new ExportUsage(fixture.ledger, fixture.clock).run(args, print(out), print(err));
  }

  /** The default period would have 840 hours to read. */
  private void exportChanges(Instant since) {
    export(List.of("--changed-since", since.toString(), "--from", "2026-11-24T00:00:00Z"));
  }

  private void ship(Usage usage) {
    fixture.ledger.ship(new Batch(UUID.randomUUID(), 0, List.of(usage)));
  }

  private List<JsonNode> lines() {
    return out.toString(StandardCharsets.UTF_8)
        .lines()
        .map(line -> Json.parse(line.getBytes(StandardCharsets.UTF_8)))
        .toList();
  }

  private static PrintStream print(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, StandardCharsets.UTF_8);
  }
}
