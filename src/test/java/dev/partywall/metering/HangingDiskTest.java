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

/** Simulates a hanging disk with a channel that does not return from {@code fsync}. */
@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
@Timeout(60)
class HangingDiskTest {
  private static final Metering.Intervals SHORT_FLUSH_INTERVAL =
      new Metering.Intervals(Duration.ofMillis(1), Duration.ofDays(1), Duration.ofDays(1));

  private final CountDownLatch reached = new CountDownLatch(1);
  private final CountDownLatch released = new CountDownLatch(1);
  private @TempDir Path folder;
  private MeteringFixture fixture;
  private Metering metering;

  @BeforeEach
  void startOnAHangingDisk(LocalDynamo dynamo) throws Exception {
    fixture = new MeteringFixture(dynamo);
    var sources = new Metering.Sources(fixture.clock, fixture.nanoClock::get, UUID::randomUUID);
    var journal = Journal.open(folder, this::hangingDisk, sources.ids(), fixture.clock);
    metering = new Metering(journal, fixture.ledger, sources, Duration.ofMillis(10));
    metering.start(fixture.countedWrites, SHORT_FLUSH_INTERVAL);
    UsageSamples.request(metering.meter());
    reached.await();
  }

  @AfterEach
  void release() throws Exception {
    released.countDown();
    metering.close();
    fixture.close();
  }

  @Test
  void reportsTheStatusWithoutWaitingForTheDisk() {
    assertTrue(metering.status().bytes() > SegmentHeader.BYTES);
    assertEquals(Optional.empty(), metering.status().problem());
    fixture.clock.advance(Journal.DISK_TIMEOUT.plusSeconds(1));
    var problem = metering.status().problem().orElseThrow();
    assertTrue(problem.contains("disk has not responded"), problem);
  }

  @Test
  void reportsUnsafeUsageAtShutdownWithoutWaitingForTheDisk() {
    assertFalse(metering.close(Duration.ofMillis(10)));
  }

  private FileChannel hangingDisk(Path file) throws IOException {
    var channel = MockedDisk.delegatingTo(MockedDisk.create(file));
    Mockito.doAnswer(_ -> hang()).when(channel).force(Mockito.anyBoolean());
    return channel;
  }

  private @Nullable Object hang() throws InterruptedException {
    reached.countDown();
    released.await();
    return null;
  }
}
