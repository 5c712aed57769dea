package dev.partywall.metering.journal;

import static dev.partywall.metering.journal.SegmentRecordTest.format1;
import static dev.partywall.metering.meter.MeteredTenant.first;
import static dev.partywall.metering.meter.UsageSamples.ACME;
import static dev.partywall.metering.meter.UsageSamples.EIGHT;
import static dev.partywall.metering.meter.UsageSamples.GLOBEX;
import static dev.partywall.metering.meter.UsageSamples.NINE;
import static dev.partywall.metering.meter.UsageSamples.requests;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.local.LocalDynamo;
import dev.partywall.metering.MeteringFixture;
import dev.partywall.metering.meter.Amounts;
import dev.partywall.metering.meter.Usage;
import dev.partywall.metering.meter.UsageMeter;
import dev.partywall.metering.meter.UsageMeter.KernelMeter;
import dev.partywall.storage.FaultInjectingClient;
import dev.partywall.tenancy.TenantId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
class ShipperTest {
  private @TempDir Path folder;
  private MeteringFixture fixture;
  private Journal journal;
  private Shipper shipper;

  @BeforeEach
  void open(LocalDynamo dynamo) throws Exception {
    fixture = new MeteringFixture(dynamo);
    start();
  }

  @AfterEach
  void close() throws IOException {
    journal.close();
    fixture.close();
  }

  @Test
  void shipsAndDeletesAppendedUsage() throws IOException {
    append(5);
    shipper.ship();
    append(2);
    shipper.ship();
    assertEquals(7, shipped());
    assertEquals(0, journal.backlog().bytes());
    assertEquals(Optional.of(fixture.clock.instant()), shipper.lastShipped());
  }

  @Test
  void keepsUsageInOneFileDuringAnOutage() throws IOException {
    fixture.faultInjector.handleWith(
        FaultInjectingClient.replyWithError(500, "InternalServerError"));
    for (var i = 0; i < 5; i++) {
      append(1);
      shipper.ship();
    }
    assertEquals(1, shipper.problems().size());
    var problem = shipper.problems().getFirst();
    assertTrue(problem.startsWith("Shipping usage to the ledger failed: "), problem);
    assertEquals(1, journal.sealed().size());
    fixture.faultInjector.handleWith(FaultInjectingClient.FORWARD);
    shipper.ship();
    shipper.ship();
    assertEquals(5, shipped());
    assertEquals(List.of(), shipper.problems());
  }

  @Test
  void countsOnceAfterACrashBeforeTheDeletion() throws Exception {
    append(5);
    var file = journal.seal().getFirst();
    var copy = Files.readAllBytes(file);
    shipper.ship();
    journal.close();
    Files.write(file, copy);
    start();
    shipper.ship();
    assertEquals(5, shipped());
    assertEquals(List.of(), journal.sealed());
  }

  @Test
  void shipsASegmentOfFormat1() throws Exception {
    journal.close();
    Files.write(folder.resolve("0d5c1f2e-7a51-4d6f-9d35-5b1f0c2a9e11.usage"), format1());
    start();
    shipper.ship();
    var acme = fixture.ledger.usage(first(ACME), EIGHT, NINE).getFirst().amounts();
    assertEquals(11, acme.steps(KernelMeter.REQUESTS));
    assertEquals(4, acme.steps(MeteringFixture.ORDERS_PLACED));
    assertEquals(7500, fixture.ledgerAmount(GLOBEX, NINE, KernelMeter.READ_UNITS));
    assertEquals(List.of(), journal.sealed());
  }

  @Test
  void shipsTheAmountsOfAnUnknownMeterUnderTheirName() throws IOException {
    var unknown = Map.of(UsageMeter.stored("size", 2), 150L, KernelMeter.REQUESTS, 1L);
    journal.append(List.of(Usage.of(first(ACME), EIGHT, Amounts.of(unknown))));
    shipper.ship();
    assertEquals(Optional.of("1.5"), fixture.ledgerAttribute(ACME, EIGHT, "size"));
    assertEquals(1, shipped());
    assertEquals(List.of(), journal.sealed());
  }

  @Test
  void setsAStaleSegmentAside() throws IOException {
    append(5);
    var file = journal.seal().getFirst();
    fixture.clock.advance(Shipper.MAX_SEGMENT_AGE.plusSeconds(1));
    shipper.ship();
    assertEquals(0, shipped());
    assertTrue(Files.exists(file.resolveSibling(file.getFileName() + ".stale")));
  }

  @Test
  void countsTheRecordsBeforeADamageAndKeepsTheFile() throws IOException {
    append(5);
    append(2);
    append(1);
    var file = journal.seal().getFirst();
    var bytes = Files.readAllBytes(file);
    var record = (bytes.length - SegmentHeader.BYTES) / 3;
    bytes[SegmentHeader.BYTES + record + 12] ^= 1;
    Files.write(file, bytes);
    shipper.ship();
    shipper.ship();
    assertEquals(5, shipped());
    assertTrue(Files.exists(file.resolveSibling(file.getFileName() + ".damaged")));
  }

  @Test
  void countsTheRecordsBeforeACutAndKeepsTheFile() throws IOException {
    append(5);
    append(2);
    var file = journal.seal().getFirst();
    var bytes = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(bytes, bytes.length - 1));
    shipper.ship();
    shipper.ship();
    assertEquals(5, shipped());
    assertTrue(Files.exists(file.resolveSibling(file.getFileName() + ".torn")));
    assertEquals(List.of(), shipper.problems());
  }

  @Test
  void keepsASegmentWithAChangedRecordLength() throws IOException {
    append(5);
    append(2);
    append(1);
    var file = journal.seal().getFirst();
    var bytes = Files.readAllBytes(file);
    bytes[SegmentHeader.BYTES + (bytes.length - SegmentHeader.BYTES) / 3] ^= 0x40;
    Files.write(file, bytes);
    shipper.ship();
    assertEquals(5, shipped());
    var kept = file.resolveSibling(file.getFileName() + ".torn");
    assertArrayEquals(bytes, Files.readAllBytes(kept));
  }

  @Test
  void keepsAndReportsAFailingSegmentWithoutBlockingOthers() throws IOException {
    appendUnshippableUsage();
    shipper.ship();
    var stuck = journal.sealed().getFirst();
    append(5);
    shipper.ship();
    assertEquals(5, shipped());
    append(2);
    shipper.ship();
    assertEquals(7, shipped());
    assertEquals(List.of(stuck), journal.sealed());
    var problem = shipper.problems().getFirst();
    var expected = "Shipping journal segment " + stuck.getFileName() + " failed: ";
    assertTrue(problem.startsWith(expected), problem);
    assertFalse(shipper.isLedgerUnavailable());
  }

  @Test
  void retriesAStuckSegment() throws IOException {
    append(5);
    fixture.faultInjector.handleNextWith(
        FaultInjectingClient.replyWithError(400, "ValidationException"));
    shipper.ship();
    assertEquals(1, shipper.problems().size());
    fixture.clock.advance(Duration.ofSeconds(4));
    shipper.ship();
    assertEquals(5, shipped());
    assertEquals(List.of(), shipper.problems());
    assertEquals(0, journal.backlog().bytes());
  }

  @Test
  void shipsTheOtherBatchesOfASegmentAfterARejectedBatch() throws IOException {
    var tenants = IntStream.range(0, 150).mapToObj(i -> requests(tenant(i), EIGHT, 1)).toList();
    journal.append(tenants);
    var rejected = new AtomicBoolean();
    fixture.faultInjector.handleWith(request ->
        fixture.faultInjector.calls().getLast().equals("TransactWriteItems")
                && !rejected.getAndSet(true)
            ? FaultInjectingClient.replyWithError(400, "ValidationException").handle(request)
            : FaultInjectingClient.FORWARD.handle(request));
    shipper.ship();
    assertEquals(1, fixture.ledgerAmount(tenant(99), EIGHT, KernelMeter.REQUESTS)); // the last key
    assertEquals(1, journal.sealed().size());
    fixture.clock.advance(Duration.ofSeconds(4));
    shipper.ship();
    tenants.forEach(usage ->
        assertEquals(1, fixture.ledgerAmount(usage.tenant().id(), EIGHT, KernelMeter.REQUESTS)));
    assertEquals(List.of(), journal.sealed());
  }

  @Test
  void retriesAStuckSegmentAtIncreasingIntervals() throws IOException {
    append(5);
    fixture.faultInjector.handleWith(
        FaultInjectingClient.replyWithError(400, "ValidationException"));
    assertTrue(isAttemptedAfter(Duration.ZERO));
    assertFalse(isAttemptedAfter(Duration.ofMillis(3_999)));
    assertTrue(isAttemptedAfter(Duration.ofMillis(1)));
    assertFalse(isAttemptedAfter(Duration.ofMillis(7_999)));
    assertTrue(isAttemptedAfter(Duration.ofMillis(1)));
    for (var attempt = 0; attempt < 10; attempt++) {
      assertTrue(isAttemptedAfter(Duration.ofMinutes(10)));
    }
  }

  @Test
  void splitsALargeSegmentIntoBatches() throws IOException {
    var tenants = IntStream.range(0, 230).mapToObj(i -> requests(tenant(i), EIGHT, i + 1)).toList();
    journal.append(tenants);
    var batches = Batch.of(Segment.read(journal.seal().getFirst()));
    assertEquals(List.of(99, 99, 32), batches.stream().map(batch -> batch.usage().size()).toList());
    shipper.ship();
    assertEquals(230, fixture.ledgerAmount(tenant(229), EIGHT, KernelMeter.REQUESTS));
    assertEquals(230, fixture.ledger.tenants(EIGHT, EIGHT).size());
  }

  @Test
  void limitsTheNumberOfStuckSegments() throws IOException {
    for (var i = 0; i < 40; i++) {
      appendUnshippableUsage();
      shipper.ship();
    }
    assertEquals(16, journal.sealed().size());
    assertTrue(journal.openBytes() > 0);
  }

  /** Appends usage whose sum overflows, so the segment cannot be read. */
  private void appendUnshippableUsage() throws IOException {
    append(Long.MAX_VALUE);
    append(1);
  }

  /** Advances the clock, and returns whether shipping then calls the ledger. */
  private boolean isAttemptedAfter(Duration time) {
    var calls = fixture.faultInjector.calls().size();
    fixture.clock.advance(time);
    shipper.ship();
    return fixture.faultInjector.calls().size() > calls;
  }

  private static TenantId tenant(int number) {
    return new TenantId("t" + number);
  }

  private void start() throws JournalUnusableException {
    journal = Journal.open(folder, UUID::randomUUID, fixture.clock);
    shipper = new Shipper(journal, fixture.ledger::ship, fixture.clock);
  }

  private void append(long count) throws IOException {
    journal.append(List.of(requests(ACME, EIGHT, count)));
  }

  private long shipped() {
    return fixture.ledgerAmount(ACME, EIGHT, KernelMeter.REQUESTS);
  }
}
