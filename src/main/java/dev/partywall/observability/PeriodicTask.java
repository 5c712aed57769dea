package dev.partywall.observability;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs periodic tasks on one dedicated thread. */
public final class PeriodicTask implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PeriodicTask.class);

  private final ScheduledExecutorService executor =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("periodic-tasks").factory());

  /** Runs {@code task} with a delay of {@code period} between runs, until this is closed. */
  public PeriodicTask every(Duration period, Runnable task) {
    var nanos = period.toNanos();
    var _ = executor.scheduleWithFixedDelay(() -> run(task), nanos, nanos, TimeUnit.NANOSECONDS);
    return this;
  }

  // A failure must not cancel the schedule, not even an OutOfMemoryError.
  private static void run(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException | Error e) {
      LOG.error("Periodic task failed", e);
    }
  }

  @Override
  public void close() {
    executor.shutdownNow();
  }
}
