package dev.partywall.metering;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.partywall.local.LocalDynamo;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.mockito.AdditionalAnswers;
import org.mockito.Mockito;

/** A disk can't be made to hang in a test: a channel does not come back from {@code fsync}. */
@ExtendWith(LocalDynamo.Shared.class)
@Timeout(60)
class HangingDiskTest {
  private static final Metering.Intervals OFTEN =
      new Metering.Intervals(Duration.ofMillis(1), Duration.ofDays(1), Duration.ofDays(1));

  private final CountDownLatch reached = new CountDownLatch(1);
  private final CountDownLatch mended = new CountDownLatch(1);
  private @TempDir Path folder;
  private Books books;
  private Metering metering;

  @BeforeEach
  void hang(LocalDynamo dynamo) throws Exception {
    books = new Books(dynamo);
    var sources = new Metering.Sources(books.clock, books.nanos::get, UUID::randomUUID);
    var journal = Journal.open(folder, this::hanging, sources.ids(), books.clock);
    metering = new Metering(journal, books.ledger, sources, Duration.ofMillis(10));
    metering.start(books.marks, Books::tenant, OFTEN);
    Sample.request(metering.meter());
    reached.await();
  }

  @AfterEach
  void mend() throws Exception {
    mended.countDown();
    books.close();
  }

  @Test
  void howMeteringIsIsToldWithoutWaitingForIt() {
    assertEquals(0, metering.status().segments());
  }

  @Test
  void aShutdownDoesNotWaitForIt() {
    metering.close(Duration.ofMillis(10));
    assertEquals(1, mended.getCount());
  }

  private FileChannel hanging(Path file) throws IOException {
    var real = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    var channel =
        Mockito.mock(
            FileChannel.class,
            Mockito.withSettings().defaultAnswer(AdditionalAnswers.delegatesTo(real)));
    Mockito.doAnswer(_ -> hang()).when(channel).force(Mockito.anyBoolean());
    return channel;
  }

  private @Nullable Object hang() throws InterruptedException {
    reached.countDown();
    mended.await();
    return null;
  }
}
