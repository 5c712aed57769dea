package dev.partywall.metering.commands;

import static dev.partywall.metering.meter.MeteredTenant.first;
import static dev.partywall.metering.meter.UsageSamples.ACME;
import static dev.partywall.metering.meter.UsageSamples.EIGHT;
import static dev.partywall.metering.meter.UsageSamples.GLOBEX;
import static dev.partywall.metering.meter.UsageSamples.requests;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.local.LocalDynamo;
import dev.partywall.metering.MeteringFixture;
import dev.partywall.metering.counting.WriteCounting;
import dev.partywall.metering.journal.Batch;
import dev.partywall.metering.meter.MeteredTenant;
import dev.partywall.metering.meter.ServiceMeters;
import dev.partywall.metering.meter.Usage;
import dev.partywall.metering.meter.UsageMeter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
class UsageCommandsTest {
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
    fixture.ledger.setCount(
        new Usage.TenantHour(first(ACME), EIGHT), MeteringFixture.ORDERS_PLACED, 2);
    var period = List.of("--from", "2026-11-24T08:00:00Z", "--to", "2026-11-24T09:00:00Z");
    assertEquals(1, reconcile(period));
    assertDifference("acme 2026-11-24T08:00:00Z ordersPlaced ledger=2 counted=0");
  }

  @Test
  void namesAnUnknownTenant() throws InterruptedException {
    assertEquals(2, reconcile(List.of("--tenant", "globex")));
    assertEquals("", out.toString(StandardCharsets.UTF_8));
    assertEquals(
        "--tenant: globex is unknown: it is not in the registry, and has neither usage in the"
            + " ledger nor counted writes in this period\n",
        err.toString(StandardCharsets.UTF_8));
    ship(requests(GLOBEX, EIGHT, 1));
    assertEquals(0, reconcile(List.of("--tenant", "globex")));
  }

  @Test
  void knowsARegisteredTenantInEachOfItsIncarnations() throws InterruptedException {
    fixture.register(MeteringFixture.record(GLOBEX, "free", 2));
    assertEquals(0, reconcile(List.of("--tenant", "globex")));
    assertEquals(0, reconcile(List.of("--tenant", "globex.2")));
    assertEquals(2, reconcile(List.of("--tenant", "globex.3")));
  }

  /** The ledger has lost the tenant, for example after the restore of a backup. */
  @Test
  void comparesATenantThatOnlyHasOrders() throws InterruptedException {
    MeteringFixture.placeOrder(fixture.ordersTable(_ -> {}), GLOBEX);
    assertEquals(1, reconcile(List.of("--tenant", "globex")));
    assertDifference("globex 2026-11-24T08:00:00Z ordersPlaced ledger=0 counted=1");
  }

  @Test
  void namesEachUnknownOptionOnce() {
    assertEquals(2, export(List.of("--form", "today", "--to", "--from", "x", "y")));
    var expected =
        """
        --form: is unknown; the options are --changed-since, --from, --source, --to
        --to: needs a value
        y: is unknown; the options are --changed-since, --from, --source, --to
        --from: must be an RFC 3339 timestamp, such as 2026-11-23T08:00:00Z
        --to: is required
        """;
    assertEquals(expected, err.toString(StandardCharsets.UTF_8));
  }

  @Test
  void doesNotCompareTheHoursBeforeAnImport() throws InterruptedException {
    fixture.register(MeteringFixture.record(ACME, "free", 1));
    putImport("acme", 1, "2026-11-24T08:20:00.500Z");
    var lost = new Usage.TenantHour(first(ACME), EIGHT);
    fixture.ledger.setCount(lost, MeteringFixture.ORDERS_PLACED, 3);
    assertEquals(0, reconcile(List.of()), out::toString);
    assertEquals(
        """
        acme 33 hours not comparable: imported at 2026-11-24T08:20:00.500Z
        0 hours compared, 0 differ, 33 not comparable
        """,
        out.toString(StandardCharsets.UTF_8));
  }

  @Test
  void comparesTheHoursAfterAnImport() throws InterruptedException {
    fixture.register(MeteringFixture.record(ACME, "free", 1));
    putImport("acme", 1, "2026-11-24T07:20:00Z");
    var hour = new Usage.TenantHour(first(ACME), EIGHT);
    fixture.ledger.setCount(hour, MeteringFixture.ORDERS_PLACED, 3);
    assertEquals(1, reconcile(List.of()));
    assertEquals(
        """
        acme 2026-11-24T08:00:00Z ordersPlaced ledger=3 counted=0
        acme 32 hours not comparable: imported at 2026-11-24T07:20:00Z
        1 hours compared, 1 differ, 32 not comparable
        """,
        out.toString(StandardCharsets.UTF_8));
  }

  @Test
  void listsTheIncarnationsAndComparesThePresentOne() throws InterruptedException {
    fixture.register(MeteringFixture.record(ACME, "free", 2));
    ship(requests(ACME, EIGHT, 1));
    var second = new Usage.TenantHour(new MeteredTenant(ACME, 2), EIGHT);
    fixture.ledger.setCount(second, MeteringFixture.ORDERS_PLACED, 3);
    assertEquals(1, reconcile(List.of()));
    assertEquals(
        """
        acme.2 2026-11-24T08:00:00Z ordersPlaced ledger=3 counted=0
        acme 33 hours not comparable: the tenant's data is deleted
        33 hours compared, 1 differ, 33 not comparable
        """,
        out.toString(StandardCharsets.UTF_8));
    out.reset();
    assertEquals(1, reconcile(List.of("--tenant", "acme.2")));
    assertDifference("acme.2 2026-11-24T08:00:00Z ordersPlaced ledger=3 counted=0");
  }

  private void putImport(String tenant, int incarnation, String at) {
    fixture.client.putItem(put ->
        put.tableName(fixture.prefix + "tenants")
            .item(
                Map.of(
                    "pk", AttributeValue.fromS(tenant),
                    "sk", AttributeValue.fromS(".imported#" + incarnation),
                    "f", AttributeValue.fromN("1"),
                    "at", AttributeValue.fromS(at))));
  }

  @Test
  void comparesEachDeclaredMeter() throws InterruptedException {
    var meters = new ServiceMeters(List.of(MeteringFixture.ORDERS_PLACED, NOTES_CREATED));
    var hour = new Usage.TenantHour(first(ACME), EIGHT);
    fixture.ledger.setCount(hour, MeteringFixture.ORDERS_PLACED, 2);
    fixture.ledger.setCount(hour, NOTES_CREATED, 1);
    MeteringFixture.placeOrder(fixture.ordersTable(_ -> {}), ACME);
    var reconcile =
        new ReconcileUsage(
            fixture.ledger(meters),
            fixture.hourlyCounts(fixture.ledger(meters)),
            fixture.comparableHours(),
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
            fixture.comparableHours(),
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
    return new ReconcileUsage(
            fixture.ledger,
            fixture.hourlyCounts,
            fixture.comparableHours(),
            fixture.clock,
            pauses::add)
        .run(args, print(out), print(err));
  }

  private void ship(Usage usage) {
    fixture.ledger.ship(new Batch(UUID.randomUUID(), 0, List.of(usage)));
  }

  private static PrintStream print(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, StandardCharsets.UTF_8);
  }
}
