package dev.partywall.concurrent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class WatchdogTest {
  private static final Duration LIMIT = Duration.ofSeconds(1);

  private static final class Counted extends Watchdog.Operation {
    private final AtomicInteger expirations = new AtomicInteger();

    @Override
    protected void expire() {
      expirations.incrementAndGet();
    }
  }

  @Test
  void expiresAnOperationWhenItsTimeIsUpAndAtEachLaterCheck() {
    var now = new AtomicLong(Long.MAX_VALUE - 10); // nanoTime may overflow
    var watchdog = new Watchdog("test", LIMIT, now::get);
    var operation = new Counted();
    watchdog.add(operation);

    now.addAndGet(LIMIT.toNanos() - 1);
    watchdog.check();
    assertEquals(0, operation.expirations.get());

    now.incrementAndGet();
    watchdog.check();
    watchdog.check();
    assertEquals(2, operation.expirations.get());
  }

  @Test
  void anOperationCanHaveAShorterLimitButNoLongerOne() {
    var now = new AtomicLong(Long.MAX_VALUE - 10);
    var watchdog = new Watchdog("test", LIMIT, now::get);
    var shorter = new Counted();
    var longer = new Counted();
    var deadline = watchdog.add(shorter, Duration.ofNanos(20), Duration.ZERO);
    assertEquals(LIMIT, watchdog.add(longer, LIMIT.plusNanos(1), Duration.ZERO).remaining());
    assertEquals(Duration.ofNanos(20), deadline.remaining());

    now.addAndGet(19);
    watchdog.check();
    assertEquals(Duration.ofNanos(1), deadline.remaining());
    assertEquals(0, shorter.expirations.get());

    now.addAndGet(2);
    watchdog.check();
    assertEquals(Duration.ofNanos(-1), deadline.remaining());
    assertEquals(1, shorter.expirations.get());
    assertEquals(0, longer.expirations.get());

    now.addAndGet(LIMIT.toNanos() - 21);
    watchdog.check();
    assertEquals(1, longer.expirations.get());
  }

  @Test
  void theTimeThatHasPassedBeforeCounts() {
    var now = new AtomicLong(Long.MAX_VALUE - 10);
    var watchdog = new Watchdog("test", LIMIT, now::get);
    var passed = Duration.ofMillis(900);
    assertEquals(
        Duration.ofMillis(100), watchdog.add(new Counted(), LIMIT.plusDays(1), passed).remaining());
    assertEquals(
        Duration.ofMillis(-400),
        watchdog.add(new Counted(), Duration.ofMillis(500), passed).remaining());
  }

  @Test
  void doesNotExpireAnOperationThatWasRemoved() {
    var now = new AtomicLong();
    var watchdog = new Watchdog("test", LIMIT, now::get);
    var operation = new Counted();
    watchdog.add(operation);
    watchdog.remove(operation);
    now.addAndGet(LIMIT.toNanos());
    watchdog.check();
    assertEquals(0, operation.expirations.get());
  }

  @Test
  void itsThreadExpiresOperationsAndWakesFromIdle() throws InterruptedException {
    try (var watchdog =
        new Watchdog("test-watchdog", Duration.ofMillis(1), System::nanoTime).start()) {
      for (var i = 0; i < 3; i++) {
        awaitIdle();
        var expired = new CountDownLatch(1);
        var operation =
            new Watchdog.Operation() {
              @Override
              protected void expire() {
                expired.countDown();
              }
            };
        watchdog.add(operation);
        assertTrue(expired.await(10, TimeUnit.SECONDS));
        watchdog.remove(operation);
      }
    }
  }

  /** Waits until the watchdog's thread is parked without a time limit. */
  private static void awaitIdle() throws InterruptedException {
    for (var i = 0; i < 1_000; i++) {
      var idle =
          Thread.getAllStackTraces().keySet().stream()
              .anyMatch(thread ->
                  thread.getName().equals("test-watchdog")
                      && thread.getState() == Thread.State.WAITING);
      if (idle) {
        return;
      }
      Thread.sleep(10);
    }
    throw new AssertionError("the watchdog's thread never parked");
  }
}
