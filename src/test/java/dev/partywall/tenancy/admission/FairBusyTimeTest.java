package dev.partywall.tenancy.admission;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.partywall.concurrent.Conditions;
import dev.partywall.concurrent.Watchdog;
import dev.partywall.tenancy.TenantId;
import dev.partywall.tenancy.admission.FairQueue.Bounds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class FairBusyTimeTest {
  private static final long MS = 1_000_000;

  /** Threads of this name run 5 ms after their grant. */
  private static final String LATE = "late";

  private final AtomicLong now = new AtomicLong();
  private final FairQueue queue =
      new FairQueue(
          new Bounds(1, 1, 100, 100),
          new Watchdog("test", Duration.ofSeconds(3), this::time),
          this::time);
  private final List<String> served = new CopyOnWriteArrayList<>();

  private long time() {
    return now.get() + (Thread.currentThread().getName().equals(LATE) ? 5 * MS : 0);
  }

  private Thread enqueue(String tenant, String thread, long millis) {
    var before = queue.queued();
    var started = Thread.ofVirtual().name(thread).start(() -> serve(tenant, millis));
    while (queue.queued() == before) {
      Conditions.pause();
    }
    return started;
  }

  private void serve(String tenant, long millis) {
    var permit = queue.acquire(new TenantId(tenant), 1);
    served.add(tenant);
    now.addAndGet(millis * MS);
    permit.end();
  }

  @Test
  @Timeout(60)
  void theTimeUntilTheThreadOfAGrantedRequestRunsIsNoBusyTime() throws Exception {
    var waiting = new ArrayList<Thread>();
    var permit = queue.acquire(new TenantId("first"), 1);
    for (var i = 0; i < 2; i++) {
      waiting.add(enqueue("long", "punctual", 3));
      waiting.add(enqueue("short", LATE, 1));
    }
    permit.end();
    for (var thread : waiting) {
      thread.join();
    }
    // After the first two, the short request has used 1 ms, and the long one 3 ms.
    assertEquals(List.of("long", "short", "short", "long"), served);
  }
}
