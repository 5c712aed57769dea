package dev.partywall.metering;

import static dev.partywall.metering.Sample.ACME;
import static dev.partywall.metering.Sample.EIGHT;
import static dev.partywall.metering.Sample.requests;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.local.LocalDynamo;
import dev.partywall.storage.Between;
import dev.partywall.tenancy.TenantId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(LocalDynamo.Shared.class)
class ShipperTest {
  private @TempDir Path folder;
  private Books books;
  private Journal journal;
  private Shipper shipper;

  @BeforeEach
  void open(LocalDynamo dynamo) throws Exception {
    books = new Books(dynamo);
    start();
  }

  @AfterEach
  void close() throws IOException {
    journal.close();
    books.close();
  }

  @Test
  void whatWasAppendedIsInTheLedgerAndOffTheDisk() throws IOException {
    take(5);
    shipper.ship();
    take(2);
    shipper.ship();
    assertEquals(7, shipped());
    assertEquals(0, journal.backlog().bytes());
    assertEquals(Optional.of(books.clock.instant()), shipper.lastShipped());
  }

  @Test
  void anOutageIsWaitedForInOneFile() throws IOException {
    books.between.let(Between.refused(500, "InternalServerError"));
    for (var i = 0; i < 5; i++) {
      take(1);
      shipper.ship();
    }
    assertEquals(1, shipper.problems().size());
    assertEquals(1, journal.sealed().size());
    books.between.let(Between.THROUGH);
    shipper.ship();
    shipper.ship();
    assertEquals(5, shipped());
    assertEquals(List.of(), shipper.problems());
  }

  @Test
  void aCrashBetweenLedgerAndDiskCountsNothingTwice() throws Exception {
    take(5);
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
  void aSegmentThatTheLedgerMayHaveForgottenIsPutAside() throws IOException {
    take(5);
    var file = journal.seal().getFirst();
    books.clock.move(Shipper.SHIPPED_WITHIN.plusSeconds(1));
    shipper.ship();
    assertEquals(0, shipped());
    assertTrue(Files.exists(file.resolveSibling(file.getFileName() + ".stale")));
    assertTrue(Shipper.SHIPPED_WITHIN.plus(Duration.ofDays(1)).compareTo(Ledger.BATCHES_KNOWN) < 0);
  }

  @Test
  void ofADamagedSegmentTheFirstPartCountsAndTheFileIsKept() throws IOException {
    take(5);
    take(2);
    take(1);
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
  void ofASegmentWhoseLastRecordWasCutWhatHoldsCountsAndTheFileIsKept() throws IOException {
    take(5);
    take(2);
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
  void aLengthThatWasChangedLosesNoRecordThatCouldBeReadByAHuman() throws IOException {
    take(5);
    take(2);
    take(1);
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
  void aSegmentThatIsNeverTakenHoldsNoOtherUpAndIsNamedAndKept() throws IOException {
    takeWhatCanNeverBeShipped();
    shipper.ship();
    var stuck = journal.sealed().getFirst();
    take(5);
    shipper.ship();
    assertEquals(5, shipped());
    take(2);
    shipper.ship();
    assertEquals(7, shipped());
    assertEquals(List.of(stuck), journal.sealed());
    var name = stuck.getFileName().toString();
    assertTrue(shipper.problems().getFirst().contains(name), shipper.problems().toString());
    assertFalse(shipper.isAway());
  }

  @Test
  void aSegmentThatIsStuckIsTriedAgain() throws IOException {
    take(5);
    books.between.letNext(Between.refused(400, "ValidationException"));
    shipper.ship();
    assertEquals(1, shipper.problems().size());
    books.clock.move(Duration.ofSeconds(4));
    shipper.ship();
    assertEquals(5, shipped());
    assertEquals(List.of(), shipper.problems());
    assertEquals(0, journal.backlog().bytes());
  }

  @Test
  void aBatchThatIsNotTakenHoldsNoOtherOfItsSegmentUp() throws IOException {
    var tenants = IntStream.range(0, 150).mapToObj(i -> requests(tenant(i), EIGHT, 1)).toList();
    journal.take(tenants);
    var refused = new AtomicBoolean();
    books.between.let(way ->
        books.between.calls().getLast().equals("TransactWriteItems") && !refused.getAndSet(true)
            ? Between.refused(400, "ValidationException").meet(way)
            : Between.THROUGH.meet(way));
    shipper.ship();
    var later = tenants.stream().map(Usage::tenant).max(Comparator.comparing(TenantId::value));
    assertEquals(1, books.in(later.orElseThrow(), EIGHT, Measure.REQUESTS));
    assertEquals(1, journal.sealed().size());
    books.clock.move(Duration.ofSeconds(4));
    shipper.ship();
    tenants.forEach(it -> assertEquals(1, books.in(it.tenant(), EIGHT, Measure.REQUESTS)));
    assertEquals(List.of(), journal.sealed());
  }

  @Test
  void stuckSegmentsStayFew() throws IOException {
    for (var i = 0; i < 40; i++) {
      takeWhatCanNeverBeShipped();
      shipper.ship();
    }
    assertEquals(16, journal.sealed().size());
    assertTrue(journal.openBytes() > 0);
  }

  /** A sum that does not fit: it can't even be read. */
  private void takeWhatCanNeverBeShipped() throws IOException {
    take(Long.MAX_VALUE);
    take(1);
  }

  private static TenantId tenant(int number) {
    return new TenantId("t" + number);
  }

  private void start() throws JournalUnusable {
    journal = Journal.open(folder, UUID::randomUUID, books.clock);
    shipper = new Shipper(journal, books.ledger, books.clock);
  }

  private void take(long count) throws IOException {
    journal.take(List.of(requests(ACME, EIGHT, count)));
  }

  private long shipped() {
    return books.in(ACME, EIGHT, Measure.REQUESTS);
  }
}
