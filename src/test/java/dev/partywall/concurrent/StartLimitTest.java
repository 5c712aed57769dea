package dev.partywall.concurrent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class StartLimitTest {
  private static final Duration MAX_WAIT = Duration.ofSeconds(3);

  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 1); // may overflow
  private final StartLimit limit = new StartLimit(2, 1, MAX_WAIT, now::get);
  private final List<Task> tasks = new ArrayList<>();

  private static <T> CompletableFuture<T> result() {
    return new CompletableFuture<T>().orTimeout(60, TimeUnit.SECONDS);
  }

  /** A task that runs until it is told to end, and can pause before. */
  private final class Task implements Runnable {
    final CompletableFuture<Duration> waited = result();
    final CompletableFuture<Boolean> paused = result();
    private final CountDownLatch pause = new CountDownLatch(1);
    private final CountDownLatch resume = new CountDownLatch(1);
    private final CountDownLatch end = new CountDownLatch(1);

    @Override
    public void run() {
      waited.complete(StartLimit.waited());
      Latches.await(pause);
      var isPaused = limit.tryPause();
      paused.complete(isPaused);
      if (isPaused) {
        Latches.await(resume);
        limit.resume();
      }
      Latches.await(end);
    }

    boolean isStarted() {
      return waited.isDone();
    }

    boolean pause() {
      pause.countDown();
      return paused.join();
    }

    void resume() {
      resume.countDown();
    }

    void end() {
      pause.countDown();
      resume.countDown();
      end.countDown();
    }
  }

  private Task start() {
    var task = new Task();
    tasks.add(task);
    limit.start(task);
    return task;
  }

  private void awaitStartOf(Task task) {
    Conditions.await(task::isStarted, "the task does not start");
  }

  private void endAll() {
    tasks.forEach(Task::end);
    tasks.forEach(task -> task.waited.join());
    assertEquals(0, limit.waiting());
  }

  @Test
  void startsTheNextTaskInTheOrderOfArrivalWhenOneEnds() {
    var first = start();
    var second = start();
    var third = start();
    var fourth = start();
    assertEquals(2, limit.waiting());

    second.end();

    awaitStartOf(third);
    assertEquals(1, limit.waiting());
    assertFalse(fourth.isStarted());
    first.end();
    awaitStartOf(fourth);
    endAll();
  }

  @Test
  void aPausedTaskDoesNotCountAsRunning() {
    var limitWithTwoPauses = new StartLimit(1, 2, MAX_WAIT, now::get);
    var second = StartLimitTest.<Boolean>result();
    var paused = new CountDownLatch(1);

    limitWithTwoPauses.start(() -> {
      limitWithTwoPauses.tryPause();
      paused.countDown();
      second.join();
      limitWithTwoPauses.resume();
    });
    Latches.await(paused);
    limitWithTwoPauses.start(() -> second.complete(true));

    assertTrue(second.join());
  }

  @Test
  void noTaskStartsWhileTheMaximumIsPaused() {
    var first = start();
    assertTrue(first.pause());

    var second = start();
    assertEquals(1, limit.waiting());

    first.resume();
    awaitStartOf(second);
    endAll();
  }

  @Test
  void noMoreTasksPauseThanTheMaximum() {
    var first = start();
    var second = start();
    assertTrue(first.pause());

    assertFalse(second.pause());

    endAll();
  }

  @Test
  void aTaskStartsAfterTheLongestWaitInSpiteOfTheLimits() {
    start();
    start();
    var third = start();
    now.addAndGet(MAX_WAIT.toNanos() - 1);
    limit.startDue();
    assertEquals(1, limit.waiting());

    now.incrementAndGet();
    limit.startDue();

    assertEquals(MAX_WAIT, third.waited.join());
    endAll();
  }

  @Test
  void aThreadWithoutATaskHasNotWaited() {
    assertEquals(Duration.ZERO, StartLimit.waited());
  }

  @Test
  void atTheEndOfTheLimitAllTasksStart() {
    start();
    start();
    var third = start();

    limit.end();

    awaitStartOf(third);
    awaitStartOf(start());
    endAll();
  }

  @Test
  void aTaskThatFailsEnds() {
    var failing = new StartLimit(1, 1, MAX_WAIT, now::get);
    var second = StartLimitTest.<Boolean>result();

    failing.start(() -> {
      Thread.currentThread().setUncaughtExceptionHandler((_, _) -> {});
      throw new IllegalStateException("as expected");
    });
    failing.start(() -> second.complete(true));

    assertTrue(second.join());
  }
}
