package dev.partywall.concurrent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.event.SubstituteLoggingEvent;
import org.slf4j.helpers.NOPLogger;
import org.slf4j.helpers.SubstituteLogger;

class PeriodicTest {
  private static final Logger LOG = NOPLogger.NOP_LOGGER;
  private static final Duration SHORT = Duration.ofMillis(1);
  private static final Duration LONG = Duration.ofHours(1);

  @Test
  void runsAgainAfterAFailureAndAfterAnError() throws InterruptedException {
    var runs = new CountDownLatch(3);
    Runnable task =
        () -> {
          runs.countDown();
          if (runs.getCount() == 2) {
            throw new StackOverflowError("test");
          }
          throw new IllegalStateException("test");
        };
    try (var _ = Periodic.start(LOG, "failing", SHORT, task)) {
      assertTrue(runs.await(10, TimeUnit.SECONDS));
    }
  }

  @Test
  void logsTheFirstFailureAndTheRecoveryOnly() throws InterruptedException {
    var runs = new AtomicInteger();
    var recovered = new CountDownLatch(2);
    Runnable task =
        () -> {
          if (runs.incrementAndGet() <= 3) {
            throw new IllegalStateException("failure " + runs);
          }
          recovered.countDown();
        };
    var events = new LinkedBlockingQueue<SubstituteLoggingEvent>();
    var log = new SubstituteLogger("test", events, false);
    try (var _ = Periodic.start(log, "recovering", SHORT, task)) {
      assertTrue(recovered.await(10, TimeUnit.SECONDS));
    }
    assertEquals(
        List.of("{} failed; it will be retried", "{} recovered"),
        events.stream().map(SubstituteLoggingEvent::getMessage).toList());
    assertEquals("Periodic task recovering", events.peek().getArgumentArray()[0]);
  }

  @Test
  void waitsBeforeTheFirstRunUnlessStartedNow() throws InterruptedException {
    var later = new AtomicInteger();
    var now = new CountDownLatch(1);
    try (var _ = Periodic.start(LOG, "later", LONG, later::incrementAndGet);
        var _ = Periodic.startNow(LOG, "now", () -> LONG, now::countDown)) {
      assertTrue(now.await(10, TimeUnit.SECONDS));
    }
    assertEquals(0, later.get());
  }

  @Test
  void asksForThePauseAfterEachRun() throws InterruptedException {
    var asked = new AtomicInteger();
    var runs = new CountDownLatch(2);
    try (var _ =
        Periodic.startNow(
            LOG, "asks", () -> asked.getAndIncrement() == 0 ? SHORT : LONG, runs::countDown)) {
      assertTrue(runs.await(10, TimeUnit.SECONDS));
    }
    assertEquals(2, asked.get());
  }

  @Test
  void closingWaitsForTheRunInProgressAndNeverInterruptsIt() throws InterruptedException {
    var entered = new CountDownLatch(1);
    var release = new CountDownLatch(1);
    var interrupted = new AtomicReference<Boolean>();
    var periodic =
        Periodic.startNow(
            LOG,
            "long",
            () -> SHORT,
            () -> {
              entered.countDown();
              try {
                release.await();
                interrupted.set(Thread.currentThread().isInterrupted());
              } catch (InterruptedException e) {
                interrupted.set(true);
              }
            });
    assertTrue(entered.await(10, TimeUnit.SECONDS));
    periodic.stop();
    var closing = Thread.ofVirtual().start(periodic::close);
    assertFalse(closing.join(Duration.ofMillis(50)), "close must wait for the run in progress");
    release.countDown();
    closing.join();
    assertEquals(false, interrupted.get());
  }

  @Test
  void repeatsUntilARunSucceeds() throws InterruptedException {
    var runs = new AtomicInteger();
    var ended = new LinkedBlockingQueue<Thread>();
    Runnable task =
        () -> {
          if (runs.incrementAndGet() < 3) {
            throw new IllegalStateException("failure " + runs);
          }
          ended.add(Thread.currentThread());
        };
    var backoff = Backoff.constant(SHORT);
    var periodic = Periodic.untilSuccess(LOG, "once", backoff, () -> 0, task);
    var thread = ended.poll(10, TimeUnit.SECONDS);
    assertTrue(thread.join(Duration.ofSeconds(10)), "the thread must end after a success");
    assertEquals(3, runs.get());
    assertEquals(Optional.empty(), periodic.problem());
  }

  @Test
  void repeatsAndReportsTheProblemWhileItFails() throws InterruptedException {
    var runs = new CountDownLatch(2);
    Runnable task =
        () -> {
          runs.countDown();
          throw new IllegalStateException("no table");
        };
    var backoff = new Backoff(SHORT, LONG, 0);
    var periodic = Periodic.untilSuccess(LOG, "failing", backoff, () -> 0, task);
    assertTrue(runs.await(10, TimeUnit.SECONDS));
    periodic.stop();
    assertEquals(
        Optional.of("Periodic task failing failed: java.lang.IllegalStateException: no table"),
        periodic.problem());
  }

  @Test
  void stopsRepeating() throws InterruptedException {
    var threads = new LinkedBlockingQueue<Thread>();
    var periodic = Periodic.start(LOG, "stopped", SHORT, () -> threads.add(Thread.currentThread()));
    var thread = threads.poll(10, TimeUnit.SECONDS);
    periodic.stop();
    assertTrue(thread.join(Duration.ofSeconds(10)), "the thread must end after the stop");
  }

  @Test
  void closingReturnsAfterTheLastRun() throws InterruptedException {
    var threads = new LinkedBlockingQueue<Thread>();
    var periodic = Periodic.start(LOG, "closed", SHORT, () -> threads.add(Thread.currentThread()));
    var thread = threads.poll(10, TimeUnit.SECONDS);
    periodic.close();
    assertFalse(thread.isAlive());
  }

  @Test
  void oneSuccessEndsOnlyATaskThatIsRepeatedUntilSuccess() throws InterruptedException {
    var runs = new CountDownLatch(3);
    try (var _ = Periodic.startNow(LOG, "repeated", () -> SHORT, runs::countDown)) {
      assertTrue(runs.await(10, TimeUnit.SECONDS));
    }
  }
}
