package dev.partywall.metering;

import static dev.partywall.metering.meter.MeteredTenant.first;
import static dev.partywall.metering.meter.UsageSamples.ACME;
import static dev.partywall.metering.meter.UsageSamples.EIGHT;
import static dev.partywall.metering.meter.UsageSamples.GLOBEX;
import static dev.partywall.metering.meter.UsageSamples.NINE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.error.Faults;
import dev.partywall.http.Body;
import dev.partywall.http.Headers;
import dev.partywall.http.Request;
import dev.partywall.http.RequestTarget;
import dev.partywall.json.Json;
import dev.partywall.local.LocalDynamo;
import dev.partywall.metering.billing.PriceList;
import dev.partywall.metering.billing.UsageRoute;
import dev.partywall.metering.commands.ExportUsage;
import dev.partywall.metering.commands.ReconcileUsage;
import dev.partywall.metering.journal.JournalUnusableException;
import dev.partywall.metering.ledger.Ledger;
import dev.partywall.metering.meter.Usage;
import dev.partywall.metering.meter.UsageMeter;
import dev.partywall.runtime.Declarations;
import dev.partywall.service.Kernel;
import dev.partywall.service.Offering;
import dev.partywall.storage.CountedWriteListener;
import dev.partywall.storage.Item;
import dev.partywall.storage.Key;
import dev.partywall.storage.Meter;
import dev.partywall.storage.TenantTable;
import dev.partywall.storage.Write;
import dev.partywall.storage.WriteCondition;
import dev.partywall.tenancy.TenantContext;
import dev.partywall.tenancy.TenantId;
import dev.partywall.tenancy.TenantLocations;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A service whose capability declares two meters. */
@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
class DeclaredMeterTest {
  /** The parts of the kernel that the capability uses. */
  private record Notes(Meter created, Meter translated, TenantTable table) {}

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private @TempDir Path folder;
  private MeteringFixture fixture;
  private Declarations declarations;
  private Ledger ledger;
  private final AtomicReference<Notes> notes = new AtomicReference<>();

  @BeforeEach
  void declare(LocalDynamo dynamo) throws IOException {
    fixture = new MeteringFixture(dynamo);
    declarations =
        Declarations.of(List.of(this::notes), Map.of(), fixture.clock, new Random(20261128));
    ledger = fixture.ledger(declarations.meters());
  }

  private Offering notes(Kernel kernel) {
    notes.set(
        new Notes(kernel.meter("notesCreated"), kernel.meter("wordsTranslated"), kernel.table()));
    return Offering.of("notes", List.of());
  }

  @AfterEach
  void close() throws IOException {
    fixture.close();
  }

  @Test
  void countsEachMeterExactlyAcrossACrashAndReconcilesIt() throws Exception {
    try (var crashed = instance()) {
      connect(crashed.writeCounting);
      write(ACME, notes.get().created(), 3);
      write(ACME, notes.get().translated(), 2);
      write(GLOBEX, notes.get().translated(), 1);
    }
    assertEquals(0, amount(ACME, "notesCreated"), "nothing is counted yet");
    try (var restarted = instance()) {
      connect(restarted.writeCounting);
      restarted.hourCloser.catchUp();
      assertEquals(3, amount(ACME, "notesCreated"));
      write(ACME, notes.get().created(), 1);
      restarted.countWrites();
    }
    assertEquals(4, amount(ACME, "notesCreated"));
    assertEquals(2, amount(ACME, "wordsTranslated"));
    assertEquals(0, amount(GLOBEX, "notesCreated"));
    assertEquals(1, amount(GLOBEX, "wordsTranslated"));
    assertEquals(0, reconcile(), out::toString);
    connect(_ -> {});
    write(ACME, notes.get().translated(), 1);
    out.reset();
    assertEquals(1, reconcile());
    var expected = "acme 2026-11-24T08:00:00Z wordsTranslated ledger=2 counted=3";
    assertEquals(expected, text().lines().findFirst().orElseThrow());
  }

  @Test
  void pricesReportsAndExportsEachMeter() {
    countOneNote();
    var charges = Json.parse(report(ledger, Optional.of(prices())).getBytes(UTF_8)).path("charges");
    assertEquals(List.of("notesCreated", "wordsTranslated"), charges.findValuesAsText("meter"));
    assertEquals(List.of("100", "14"), charges.findValuesAsText("micros"));
    assertEquals(114, charges.path("totalMicros").intValue());
    var totals =
        """
        "totals":{"requests":0,"bytesIn":0,"bytesOut":0,"notesCreated":1,"wordsTranslated":2,\
        "readUnits":0,"writeUnits":0,"busyMs":0}\
        """;
    assertTrue(report(ledger, Optional.empty()).contains(totals));
    assertEquals(List.of("notesCreated", "wordsTranslated"), exportedMeters(ledger));
  }

  /** The ledger of one service contains a meter of another, for example of an earlier release. */
  @Test
  void omitsTheMetersOfAnotherService() {
    countOneNote();
    fixture.ledger.setCount(
        new Usage.TenantHour(first(ACME), EIGHT), MeteringFixture.ORDERS_PLACED, 5);
    assertFalse(report(ledger, Optional.empty()).contains("ordersPlaced"));
    var orders = report(fixture.ledger, Optional.empty());
    assertTrue(orders.contains("\"ordersPlaced\":5,\"readUnits\""), orders);
    assertFalse(orders.contains("notesCreated"), orders);
    assertFalse(orders.contains("wordsTranslated"), orders);
    assertEquals(List.of("ordersPlaced"), exportedMeters(fixture.ledger));
  }

  /** Counts a note and two translated words of acme. */
  private void countOneNote() {
    var hour = new Usage.TenantHour(first(ACME), EIGHT);
    ledger.setCount(hour, UsageMeter.declared("notesCreated"), 1);
    ledger.setCount(hour, UsageMeter.declared("wordsTranslated"), 2);
  }

  private PriceList prices() {
    var list =
        "{\"currency\":\"EUR\",\"tiers\":{\"free\":{\"wordsTranslated\":7,\"notesCreated\":100}}}";
    var faults = new Faults();
    var prices = PriceList.parse(list.getBytes(UTF_8), declarations.meters(), faults);
    assertEquals(List.of(), faults.lines());
    return prices;
  }

  private ManualInstance instance() throws JournalUnusableException {
    var counts = fixture.hourlyCounts(ledger);
    return new ManualInstance(fixture, counts, folder.resolve("journal"));
  }

  private void connect(CountedWriteListener listener) {
    var placements = new TenantLocations(fixture.prefix + "orders");
    declarations.connect(
        new TenantTable.Connection(
            fixture.client, placements, fixture.clock, new Random(1), listener));
  }

  private void write(TenantId tenant, Meter meter, int count) {
    for (var i = 0; i < count; i++) {
      var note = Item.of(new Key("note", UUID.randomUUID().toString()), "{}");
      var write = Write.put(note, new WriteCondition.Absent()).countedBy(meter);
      TenantContext.call(MeteringFixture.tenant(tenant), () -> notes.get().table().write(write));
    }
  }

  private long amount(TenantId tenant, String meter) {
    return ledger.usage(first(tenant), EIGHT, NINE).stream()
        .mapToLong(usage -> usage.amounts().steps(UsageMeter.declared(meter)))
        .sum();
  }

  private int reconcile() throws InterruptedException {
    var counts = fixture.hourlyCounts(ledger);
    return new ReconcileUsage(ledger, counts, fixture.comparableHours(), fixture.clock, _ -> {})
        .run(List.of(), print(out), System.err);
  }

  /** Returns the usage of acme on this day. */
  private String report(Ledger of, Optional<PriceList> prices) {
    var request =
        Request.of(
            "GET",
            new RequestTarget("/usage", List.of("usage"), Map.of()),
            Headers.NONE,
            Body.NONE);
    var route = new UsageRoute(of, fixture.clock, prices, MeteringFixture::tierName).route();
    var response =
        TenantContext.call(MeteringFixture.tenant(ACME), () -> route.handler().handle(request));
    return new String(response.body(), UTF_8);
  }

  private List<String> exportedMeters(Ledger of) {
    var exported = new ByteArrayOutputStream();
    var period = List.of("--from", "2026-11-24T08:00:00Z", "--to", "2026-11-24T09:00:00Z");
    var export = new ExportUsage(of, fixture.clock);
    assertEquals(0, export.run(period, print(exported), System.err));
    return exported
        .toString(UTF_8)
        .lines()
        .map(line -> Json.parse(line.getBytes(UTF_8)).at("/data/meter").textValue())
        .toList();
  }

  private String text() {
    return out.toString(UTF_8);
  }

  private static PrintStream print(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, UTF_8);
  }
}
