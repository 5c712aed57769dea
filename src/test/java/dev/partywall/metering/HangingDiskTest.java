package dev.partywall.metering;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.local.LocalDynamo;
import dev.partywall.metering.journal.HangingDisk;
import dev.partywall.metering.meter.UsageSamples;
import dev.partywall.tenancy.Tenant;
import dev.partywall.tenancy.TestExecution;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
@Timeout(60)
class HangingDiskTest {
  private static final Metering.Intervals SHORT_FLUSH_INTERVAL =
      new Metering.Intervals(Duration.ofMillis(1), Duration.ofDays(1), Duration.ofDays(1));

  private final HangingDisk disk = new HangingDisk();
  private @TempDir Path folder;
  private MeteringFixture fixture;
  private Metering metering;

  @BeforeEach
  void startOnAHangingDisk(LocalDynamo dynamo) throws Exception {
    fixture = new MeteringFixture(dynamo);
    var sources =
        new Metering.Sources(
            fixture.clock,
            fixture.nanoClock::get,
            UUID::randomUUID,
            TestExecution::create,
            MeteringFixture::tierName);
    var journal = disk.openJournal(folder, fixture.clock);
    metering = new Metering(journal, fixture.ledger, sources, Duration.ofMillis(10));
    metering.start(fixture.countedWrites, Tenant::new, SHORT_FLUSH_INTERVAL);
    UsageSamples.request(metering.meter());
    disk.awaitHang();
  }

  @AfterEach
  void release() throws Exception {
    disk.release();
    metering.close();
    fixture.close();
  }

  @Test
  void reportsTheStatusWithoutWaitingForTheDisk() {
    assertTrue(metering.status().bytes() > 0);
    assertEquals(Optional.empty(), metering.status().problem());
    fixture.clock.advance(Duration.ofSeconds(6));
    var problem = metering.status().problem().orElseThrow();
    assertTrue(problem.contains("disk has not responded"), problem);
  }

  @Test
  void reportsUnsafeUsageAtShutdownWithoutWaitingForTheDisk() {
    assertFalse(metering.close(Duration.ofMillis(10)));
  }
}
