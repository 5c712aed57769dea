package dev.partywall.metering.journal;

import static dev.partywall.metering.meter.UsageSamples.ACME;
import static dev.partywall.metering.meter.UsageSamples.EIGHT;
import static dev.partywall.metering.meter.UsageSamples.addRequest;
import static dev.partywall.metering.meter.UsageSamples.requests;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.metering.journal.Segment.SegmentWriter;
import dev.partywall.metering.meter.TenantUsageCounters;
import dev.partywall.storage.ShiftedClock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.mockito.Mockito;

/** Simulates a full disk with a channel: filling the real disk would affect other tests. */
class FullDiskTest {
  /** The size of a record with the requests of one tenant's hour. */
  private static final int RECORD_BYTES = 47;

  private final ShiftedClock clock = new ShiftedClock(EIGHT);
  private final AtomicInteger room = new AtomicInteger(Integer.MAX_VALUE);
  private @TempDir Path folder;

  @Test
  @EnabledOnOs(OS.LINUX)
  void preventsTheStartOnAFullDisk() {
    var failure = assertThrows(JournalUnusableException.class, () -> open(FullDiskTest::fullDisk));
    assertTrue(failure.toString().contains("No space left"), failure.toString());
    assertTrue(failure.toString().contains(folder.toString()), failure.toString());
  }

  @Test
  void keepsUsageInMemoryUntilTheDiskHasSpace() throws Exception {
    var counters = new TenantUsageCounters(clock, 100);
    try (var journal = open(this::limitedDisk)) {
      var flusher = new Flusher(counters, journal);
      addRequest(counters);
      flusher.flush();
      for (var left = 0; left < RECORD_BYTES; left++) {
        room.set(left);
        addRequest(counters);
        flusher.flush();
        assertEquals(
            Optional.of(
                "Writing usage to the journal failed: java.io.IOException: No space left on device"),
            flusher.problem(),
            "With room for " + left);
      }
      room.set(Integer.MAX_VALUE);
      flusher.flush();
      assertEquals(Optional.empty(), flusher.problem());
      assertEquals(Optional.empty(), journal.problem());
      var segment = Segment.read(journal.seal().getFirst());
      assertEquals(
          List.of(requests(ACME, EIGHT, RECORD_BYTES + 1).withLastRequestAt(EIGHT)),
          segment.usage());
      assertEquals(0, segment.tornBytes());
    }
  }

  private Journal open(SegmentWriter.SegmentChannelFactory disk) throws JournalUnusableException {
    return Journal.open(folder, disk, UUID::randomUUID, clock);
  }

  private static FileChannel fullDisk(Path file) throws IOException {
    Files.createFile(file);
    return FileChannel.open(Path.of("/dev/full"), StandardOpenOption.WRITE);
  }

  /** Writes as many bytes as fit, and then throws, as a file system does. */
  private FileChannel limitedDisk(Path file) throws IOException {
    var real = MockedDisk.create(file);
    var channel = MockedDisk.delegatingTo(real);
    Mockito.doAnswer(call -> write(real, call.getArgument(0), call.getArgument(1)))
        .when(channel)
        .write(Mockito.any(ByteBuffer.class), Mockito.anyLong());
    return channel;
  }

  private int write(FileChannel real, ByteBuffer bytes, long position) throws IOException {
    var fits = Math.min(bytes.remaining(), room.get());
    if (fits == 0) {
      throw new IOException("No space left on device");
    }
    var written = real.write(bytes.slice(bytes.position(), fits), position);
    bytes.position(bytes.position() + written);
    room.addAndGet(-written);
    return written;
  }
}
