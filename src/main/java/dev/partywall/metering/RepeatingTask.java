package dev.partywall.metering;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a task repeatedly on its own thread, regardless of failures. The thread is never
 * interrupted, because an interrupt would close the file that the task writes to.
 */
final class RepeatingTask implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RepeatingTask.class);

  private final Runnable task;
  private final Duration pause;
  private final CountDownLatch stop = new CountDownLatch(1);
  private final Thread thread;

  /** Starts the thread. The first run follows the first pause. */
  RepeatingTask(String name, Duration pause, Runnable task) {
    this.task = task;
    this.pause = pause;
    this.thread = Thread.ofPlatform().daemon().name(name).start(this::run);
  }

  /** Prevents further runs. A current run continues. */
  void stop() {
    stop.countDown();
  }

  /** Stops the task and waits for a current run to end. */
  @Override
  public void close() {
    stop();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try {
      while (!stop.await(pause.toNanos(), TimeUnit.NANOSECONDS)) {
        runOnce();
      }
    } catch (InterruptedException e) {
      LOG.error("Thread {} ended after an interrupt", thread.getName(), e);
    }
  }

  private void runOnce() {
    try {
      task.run();
    } catch (RuntimeException | Error e) { // for example an OutOfMemoryError
      LOG.error("Task {} failed, retrying", Thread.currentThread().getName(), e);
    }
  }
}
