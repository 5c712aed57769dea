package dev.partywall.http.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

@Isolated("occupies the processors of all virtual threads")
class DelayedStartsTest {
  private final DelayedStarts starts = DelayedStarts.begin();

  @AfterEach
  void end() {
    starts.end();
  }

  @Test
  void aTaskRunsInAVirtualThread() {
    assertTrue(runsInVirtualThread());
  }

  @Test
  void aTaskRunsInAPlatformThreadWhileVirtualThreadsOccupyAllProcessors() throws Exception {
    try (var _ = new OccupiedProcessors()) {
      assertFalse(runsInVirtualThread());
    }
  }

  @Test
  void aTaskThatWasDelayedRunsOnce() throws Exception {
    var runs = new AtomicInteger();
    try (var _ = new OccupiedProcessors()) {
      var first = new CompletableFuture<Integer>();
      starts.start(() -> first.complete(runs.incrementAndGet()));
      first.join();
    }
    Thread.startVirtualThread(() -> {}).join(); // starts after the task, which does nothing

    assertEquals(1, runs.get());
  }

  private boolean runsInVirtualThread() {
    var result = new CompletableFuture<Boolean>();
    starts.start(() -> result.complete(Thread.currentThread().isVirtual()));
    return result.join();
  }

  /** Virtual threads that do not wait, and so keep their processors. */
  private static final class OccupiedProcessors implements AutoCloseable {
    private final CountDownLatch running =
        new CountDownLatch(Runtime.getRuntime().availableProcessors());
    private volatile boolean ended;

    OccupiedProcessors() throws InterruptedException {
      for (var i = running.getCount(); i > 0; i--) {
        Thread.startVirtualThread(this::spin);
      }
      running.await();
    }

    private void spin() {
      running.countDown();
      while (!ended) {
        Thread.onSpinWait();
      }
    }

    @Override
    public void close() {
      ended = true;
    }
  }
}
