package dev.partywall.metering.commands;

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
import dev.partywall.metering.counting.WriteCounting;
import dev.partywall.metering.journal.Batch;
import dev.partywall.metering.meter.Amounts;
import dev.partywall.metering.meter.ServiceMeters;
import dev.partywall.metering.meter.Usage;
import dev.partywall.metering.meter.UsageMeter;
import dev.partywall.metering.meter.UsageMeter.KernelMeter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
class UsageCommandsTest {
  private static final List<String> EIGHT_TO_TEN =
      List.of(
          "--from", "2026-11-24T08:00:00Z", "--to", "2026-11-24T10:00:00Z", "--source", "urn:shop");
  private static final UsageMeter NOTES_CREATED = UsageMeter.declared("notesCreated");

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final List<Duration> pauses = new ArrayList<>();
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
  void exportsEventsWithStableIds() {
    ship(requests(ACME, EIGHT, 12));
    ship(Usage.of(ACME, EIGHT, Amounts.of(KernelMeter.READ_UNITS, 7500)));
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
    fixture.ledger.setCount(new Usage.TenantHour(ACME, EIGHT), MeteringFixture.ORDERS_PLACED, 2);
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
    export(List.of("--changed-since", fixture.clock.instant().plusMillis(1).toString()));
    assertEquals(List.of(), lines());
  }

  @Test
  void anExportOfChangesContainsTheHoursThatStillGrow() {
    ship(requests(ACME, EIGHT, 12));
    fixture.clock.advance(Duration.ofMinutes(20));
    ship(requests(ACME, NINE, 1));
    export(List.of("--changed-since", "2026-11-24T09:00:00Z"));
    assertEquals(List.of("1"), values(lines()));
    out.reset();
    ship(requests(ACME, EIGHT, 1));
    export(
        List.of(
            "--changed-since", "2026-11-24T09:00:00Z",
            "--from", "2026-11-24T08:00:00Z",
            "--to", "2026-11-24T09:00:00Z"));
    assertEquals(List.of("13"), values(lines()));
    assertEquals(List.of("false"), texts(lines(), "/final"));
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
  void rejectsPeriodsThatAreNotFullHours() throws InterruptedException {
    var period = List.of("--from", "2026-11-24T08:30:00Z", "--to", "2026-11-24T09:00:01Z");
    assertEquals(2, export(period));
    assertEquals(2, reconcile(period));
    var expected =
        """
        --from: must be a full hour as an RFC 3339 timestamp, such as 2026-11-23T08:00:00Z
        --to: must be a full hour as an RFC 3339 timestamp, such as 2026-11-23T08:00:00Z
        """;
    assertEquals(expected.repeat(2), err.toString(StandardCharsets.UTF_8));
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

  @Test
  void rejectsRepeatedAndInvalidOptions() throws InterruptedException {
    var tenants = List.of("--tenant", "Not an id", "--tenant", "acme", "--tenant", "a b");
    assertEquals(2, reconcile(tenants));
    var period = List.of("--from", "2026-11-24T09:00:00Z", "--to", "2026-11-24T08:00:00Z");
    assertEquals(2, reconcile(period));
    var expected =
        """
        --tenant: is given twice
        --tenant: is given twice
        --tenant: must be a tenant id
        --from, --to: The period must start before it ends.
        """;
    assertEquals(expected, err.toString(StandardCharsets.UTF_8));
  }

  @Test
  void reportsNoDifferenceForEqualCounts() throws InterruptedException {
    var writeCounting =
        new WriteCounting(
            fixture.uncountedHours, UUID::randomUUID, fixture.clock, fixture.nanoClock::get);
    MeteringFixture.placeOrder(fixture.ordersTable(writeCounting), ACME);
    writeCounting.count(fixture.hourlyCounts);
    assertEquals(0, reconcile(List.of()), out::toString);
    assertEquals(List.of(), pauses);
    assertTrue(out.toString(StandardCharsets.UTF_8).contains("33 hours compared, 0 differ"));
  }

  @Test
  void reportsAnOrderMissingInTheLedger() throws InterruptedException {
    ship(requests(GLOBEX, EIGHT, 1));
    MeteringFixture.placeOrder(fixture.ordersTable(_ -> {}), GLOBEX);
    assertEquals(1, reconcile(List.of()));
    assertDifference("globex 2026-11-24T08:00:00Z ordersPlaced ledger=0 counted=1");
    assertEquals(List.of(Duration.ofSeconds(10)), pauses);
  }

  @Test
  void reportsAnOrderOfATenantWithoutAnyCount() throws InterruptedException {
    var writeCounting =
        new WriteCounting(
            fixture.uncountedHours, UUID::randomUUID, fixture.clock, fixture.nanoClock::get);
    MeteringFixture.placeOrder(fixture.ordersTable(writeCounting), ACME);
    fixture.uncountedHours.marks().forEach(fixture.uncountedHours::removeMark);
    assertEquals(1, reconcile(List.of()));
    assertDifference("acme 2026-11-24T08:00:00Z ordersPlaced ledger=0 counted=1");
  }

  @Test
  void reportsACountAboveTheOrders() throws InterruptedException {
    fixture.ledger.setCount(new Usage.TenantHour(ACME, EIGHT), MeteringFixture.ORDERS_PLACED, 2);
    var period = List.of("--from", "2026-11-24T08:00:00Z", "--to", "2026-11-24T09:00:00Z");
    assertEquals(1, reconcile(period));
    assertDifference("acme 2026-11-24T08:00:00Z ordersPlaced ledger=2 counted=0");
    out.reset();
    assertEquals(0, reconcile(List.of("--tenant", "globex")));
  }

  @Test
  void comparesEachDeclaredMeter() throws InterruptedException {
    var meters = new ServiceMeters(List.of(MeteringFixture.ORDERS_PLACED, NOTES_CREATED));
    var hour = new Usage.TenantHour(ACME, EIGHT);
    fixture.ledger.setCount(hour, MeteringFixture.ORDERS_PLACED, 2);
    fixture.ledger.setCount(hour, NOTES_CREATED, 1);
    MeteringFixture.placeOrder(fixture.ordersTable(_ -> {}), ACME);
    var reconcile =
        new ReconcileUsage(
            fixture.ledger(meters),
            fixture.hourlyCounts(fixture.ledger(meters)),
            fixture.clock,
            pauses::add);
    assertEquals(1, reconcile.run(List.of("--tenant", "acme"), print(out), print(err)));
    var expected =
        """
        acme 2026-11-24T08:00:00Z notesCreated ledger=1 counted=0
        acme 2026-11-24T08:00:00Z ordersPlaced ledger=2 counted=1
        33 hours compared, 1 differ
        """;
    assertEquals(expected, out.toString(StandardCharsets.UTF_8));
  }

  @Test
  void ignoresADifferenceThatDisappearsDuringThePause() throws InterruptedException {
    var writeCounting =
        new WriteCounting(
            fixture.uncountedHours, UUID::randomUUID, fixture.clock, fixture.nanoClock::get);
    MeteringFixture.placeOrder(fixture.ordersTable(writeCounting), ACME);
    var reconcile =
        new ReconcileUsage(
            fixture.ledger,
            fixture.hourlyCounts,
            fixture.clock,
            _ -> writeCounting.count(fixture.hourlyCounts));
    assertEquals(0, reconcile.run(List.of(), print(out), print(err)), out::toString);
  }

  private void assertDifference(String line) {
    var text = out.toString(StandardCharsets.UTF_8);
    assertEquals(line, text.lines().findFirst().orElseThrow());
    assertTrue(text.contains(", 1 differ"), text);
  }

  private int export(List<String> args) {
    return new ExportUsage(fixture.ledger, fixture.clock).run(args, print(out), print(err));
  }

  private int reconcile(List<String> args) throws InterruptedException {
    return new ReconcileUsage(fixture.ledger, fixture.hourlyCounts, fixture.clock, pauses::add)
        .run(args, print(out), print(err));
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
