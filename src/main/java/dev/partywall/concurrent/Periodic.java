package dev.partywall.concurrent;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.slf4j.Logger;

/**
 * Runs a task repeatedly on a thread of its own, with a pause between two runs. A run that fails
 * does not end the repetition: the first of a series of failures is logged, and so is the recovery.
 *
 * <p>The thread is a platform thread, because periodic work such as timeouts must run when virtual
 * threads have no carrier left. It is never interrupted, because an interrupt closes the file
 * channel to which the task writes.
 */
public final class Periodic implements AutoCloseable {
  private final Runnable task;
  private final IntFunction<Duration> pause;
  private final boolean endsOnSuccess;
  private final RecurringFailure failure;
  private final CountDownLatch stop = new CountDownLatch(1);
  private final Thread thread;

  /**
   * Creates a task that is not started.
   *
   * @param pause returns the pause before a run, by the number of earlier runs
   */
  private Periodic(
      Logger log, String name, IntFunction<Duration> pause, boolean endsOnSuccess, Runnable task) {
    this.task = task;
    this.pause = pause;
    this.endsOnSuccess = endsOnSuccess;
    this.failure = new RecurringFailure(log, "Periodic task " + name);
    this.thread = Thread.ofPlatform().daemon().name(name).unstarted(this::repeat);
  }

  /**
   * Starts a task whose first run follows after one pause.
   *
   * @param log the owner's logger
   * @param name the name of the thread, and of the task in the log
   */
  public static Periodic start(Logger log, String name, Duration pause, Runnable task) {
    return new Periodic(log, name, _ -> pause, false, task).started();
  }

  /**
   * Starts a task whose first run follows immediately.
   *
   * @param log the owner's logger
   * @param name the name of the thread, and of the task in the log
   * @param pause is asked after each run
   */
  public static Periodic startNow(
      Logger log, String name, Supplier<Duration> pause, Runnable task) {
    return new Periodic(log, name, runs -> runs == 0 ? Duration.ZERO : pause.get(), false, task)
        .started();
  }

  /**
   * Starts a task that is repeated only until a run succeeds. Its first run follows immediately.
   *
   * @param log the owner's logger
   * @param name the name of the thread, and of the task in the log
   * @param random from 0 (inclusive) to 1 (exclusive), for the delay after a failure
   */
  public static Periodic untilSuccess(
      Logger log, String name, Backoff backoff, DoubleSupplier random, Runnable task) {
    // All earlier runs have failed.
    IntFunction<Duration> pause =
        runs -> runs == 0 ? Duration.ZERO : backoff.delay(runs, random.getAsDouble());
    return new Periodic(log, name, pause, true, task).started();
  }

  private Periodic started() {
    thread.start();
    return this;
  }

  /** Returns the failure of the latest run, for an operator; empty after a success. */
  public Optional<String> problem() {
    return failure.problem();
  }

  /** Starts no further run. A run that is in progress continues. */
  public void stop() {
    stop.countDown();
  }

  /** Starts no further run, and waits for the run in progress. */
  @Override
  public void close() {
    stop();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void repeat() {
    try {
      for (var runs = 0; !stop.await(pause.apply(runs).toNanos(), TimeUnit.NANOSECONDS); runs++) {
        runOnce();
      }
    } catch (InterruptedException e) {
      failure.report(e); // the class never interrupts its thread
    }
  }

  private void runOnce() {
    try {
      task.run();
      failure.clear();
      if (endsOnSuccess) {
        stop();
      }
    } catch (RuntimeException | Error e) { // an error must not end the repetition
      OutOfMemory.exitIfCauseOf(e);
      failure.report(e);
    }
  }
}
