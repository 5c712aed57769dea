package dev.partywall.metering;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.local.LocalDynamo;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
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
    metering.close();
    books.close();
  }

  @Test
  void howMeteringIsIsToldWithoutWaitingForIt() {
    assertTrue(metering.status().bytes() > SegmentHeader.BYTES);
    assertEquals(Optional.empty(), metering.status().problem());
    books.clock.move(Journal.DISK_PATIENCE.plusSeconds(1));
    var problem = metering.status().problem().orElseThrow();
    assertTrue(problem.contains("disk has not answered"), problem);
  }

  @Test
  void aShutdownDoesNotWaitForItAndSaysThatUsageIsNotSafe() {
    assertFalse(metering.close(Duration.ofMillis(10)));
  }

  private FileChannel hanging(Path file) throws IOException {
    var channel = MockedDisk.over(MockedDisk.create(file));
    Mockito.doAnswer(_ -> hang()).when(channel).force(Mockito.anyBoolean());
    return channel;
  }

  private @Nullable Object hang() throws InterruptedException {
    reached.countDown();
    mended.await();
    return null;
  }
}
