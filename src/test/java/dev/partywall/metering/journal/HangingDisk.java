package dev.partywall.metering.journal;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.mockito.Mockito;

/** Simulates a hanging disk with a channel that does not return from {@code fsync}. */
public final class HangingDisk {
  private final CountDownLatch reached = new CountDownLatch(1);
  private final CountDownLatch released = new CountDownLatch(1);

  /** Opens a journal on the disk. */
  public Journal openJournal(Path folder, InstantSource clock) throws JournalUnusableException {
    return Journal.open(folder, this::create, UUID::randomUUID, clock);
  }

  /** Waits until a call hangs. */
  public void awaitHang() throws InterruptedException {
    reached.await();
  }

  /** Ends the hang. */
  public void release() {
    released.countDown();
  }

  private FileChannel create(Path file) throws IOException {
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
