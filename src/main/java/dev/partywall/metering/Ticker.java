package dev.partywall.metering;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does a thing again and again on a thread of its own, whatever became of it the last time. The
 * thread is never interrupted, since an interrupt would close the file that it writes to.
 */
final class Ticker implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Ticker.class);

  private final Runnable task;
  private final Duration pause;
  private final CountDownLatch stop = new CountDownLatch(1);
  private final Thread thread;

  /** The first time is after a pause, too. */
  Ticker(String name, Duration pause, Runnable task) {
    this.task = task;
    this.pause = pause;
    this.thread = Thread.ofPlatform().daemon().name(name).start(this::run);
  }

  /** It is not begun again from now on; it may be under way. */
  void stop() {
    stop.countDown();
  }

  /** Waits until it is not at it any more. */
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
        once();
      }
    } catch (InterruptedException e) {
      LOG.error("{} was interrupted, and has ended", thread.getName(), e);
    }
  }

  private void once() {
    try {
      task.run();
    } catch (RuntimeException | Error e) { // be it for want of memory
      LOG.error("{} failed, and is tried again", Thread.currentThread().getName(), e);
    }
  }
}
