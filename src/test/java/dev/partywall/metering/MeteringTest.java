package dev.partywall.metering;

import static dev.partywall.metering.Sample.ACME;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.fail;

import dev.partywall.local.LocalDynamo;
import dev.partywall.storage.Between;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(LocalDynamo.Shared.class)
class MeteringTest {
  private static final Metering.Intervals OFTEN =
      new Metering.Intervals(Duration.ofMillis(5), Duration.ofMillis(10), Duration.ofMillis(20));
  private static final Metering.Intervals NEVER =
      new Metering.Intervals(Duration.ofDays(1), Duration.ofDays(1), Duration.ofDays(1));

  private @TempDir Path folder;
  private Books books;
  private Metering metering;

  @BeforeEach
  void open(LocalDynamo dynamo) throws Exception {
    books = new Books(dynamo);
    metering = metering();
  }

  @AfterEach
  void close() throws IOException {
    books.between.let(Between.THROUGH);
    metering.close();
    books.close();
  }

  @Test
  void whatIsUsedComesToTheLedgerByItself() {
    start(OFTEN);
    request();
    Books.place(books.orders(metering.marks()), ACME);
    await(() -> ledger(Measure.REQUESTS) == 1 && ledger(Measure.ORDERS_PLACED) == 1);
    await(() -> ledger(Measure.BYTES_OUT) == 2 && metering.status().problem().isEmpty());
  }

  @Test
  void whatWasUsedIsInTheLedgerWhenItIsClosed() throws Exception {
    start(NEVER);
    request();
    Books.place(books.orders(metering.marks()), ACME);
    metering.close();
    assertEquals(1, ledger(Measure.REQUESTS));
    assertEquals(1, ledger(Measure.ORDERS_PLACED));
    metering = metering();
    assertEquals(0, metering.status().segments());
  }

  @Test
  void anOutageShowsAndPassesAndLosesNothing() {
    start(OFTEN);
    Books.place(books.orders(metering.marks()), ACME);
    books.between.let(Between.refused(500, "InternalServerError"));
    request();
    await(() -> metering.status().problems().size() >= 2 && metering.status().bytes() > 0);
    books.between.let(Between.THROUGH);
    await(() -> ledger(Measure.REQUESTS) == 1 && ledger(Measure.ORDERS_PLACED) == 1);
    await(() -> metering.status().problem().isEmpty());
  }

  @Test
  void whatTheLedgerDidNotTakeBeforeTheEndIsShippedAfterTheNextStart() throws Exception {
    start(NEVER);
    request();
    books.between.let(Between.refused(500, "InternalServerError"));
    metering.close();
    books.between.let(Between.THROUGH);
    assertEquals(0, ledger(Measure.REQUESTS));
    metering = metering();
    start(OFTEN);
    await(() -> ledger(Measure.REQUESTS) == 1);
  }

  @Test
  @Timeout(60)
  void aLedgerThatHangsHoldsUpNoShutdownAndLosesNothing() throws Exception {
    start(NEVER);
    request();
    var open = new CountDownLatch(1);
    books.between.let(way -> {
      await(open);
      return Between.THROUGH.meet(way);
    });
    metering.close(Duration.ofMillis(1));
    metering = metering();
    assertEquals(1, metering.status().segments());
    open.countDown();
    start(OFTEN);
    await(() -> metering.status().segments() == 0);
    assertEquals(1, ledger(Measure.REQUESTS));
  }

  @Test
  @Timeout(60)
  void aShutdownThatCameTooLateForTheLedgerStillWritesTheJournal() throws Exception {
    start(NEVER);
    request();
    books.between.let(Between.CUT);
    metering.close(Duration.ofSeconds(-1));
    metering = metering();
    assertEquals(1, metering.status().segments());
  }

  @Test
  void aSecondOneInTheSameFolderDoesNotStart() {
    assertThrows(JournalUnusable.class, this::metering);
  }

  @Test
  void itAddsARoute() {
    assertEquals("/usage", metering.route(Optional.empty()).template());
  }

  private Metering metering() throws JournalUnusable {
    var sources = new Metering.Sources(books.clock, System::nanoTime, UUID::randomUUID);
    return Metering.open(folder.resolve("journal"), books.ledger, sources);
  }

  private void start(Metering.Intervals intervals) {
    metering.start(books.marks, Books::tenant, intervals);
  }

  private void request() {
    Sample.request(metering.meter());
  }

  private long ledger(Measure measure) {
    return books.in(ACME, Usage.startOf(books.clock.instant()), measure);
  }

  private static void await(CountDownLatch latch) throws IOException {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  private static void await(BooleanSupplier condition) {
    var until = Instant.now().plusSeconds(30);
    while (!condition.getAsBoolean()) {
      if (Instant.now().isAfter(until)) {
        fail("it has not come to that");
      }
      Thread.onSpinWait();
    }
  }
}
