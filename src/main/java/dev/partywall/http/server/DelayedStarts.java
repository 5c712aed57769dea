package dev.partywall.http.server;

import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Starts virtual threads, and a platform thread in place of one that does not run in time: virtual
 * threads may wait for all processors. The number of platform threads is bounded, because a system
 * may permit few threads.
 *
 * <p>The caller never starts a platform thread. That takes until the new thread runs, and on a busy
 * machine 64 such starts by the only thread that accepts connections took seconds.
 */
final class DelayedStarts {
  private static final int MAX_PLATFORM_THREADS = 64;
  private static final Duration DELAY = Duration.ofMillis(20);

  private final LinkedBlockingQueue<Start> waiting = new LinkedBlockingQueue<>();
  private final Thread starter =
      Thread.ofPlatform().daemon().name("delayed-starts").unstarted(this::startDelayed);
  private volatile boolean ended;

  /** A task that runs once, in the first thread that gets to it. */
  private record Start(Runnable task, long nanoTime, AtomicBoolean started) implements Runnable {
    Start(Runnable task) {
      this(task, System.nanoTime(), new AtomicBoolean());
    }

    @Override
    public void run() {
      if (started.compareAndSet(false, true)) {
        task.run();
      }
    }
  }

  private DelayedStarts() {}

  /** Returns an instance whose own thread runs until {@link #end}. */
  static DelayedStarts begin() {
    var starts = new DelayedStarts();
    starts.starter.start();
    return starts;
  }

  /** Runs the task in another thread. */
  void start(Runnable task) {
    var start = new Start(task);
    Thread.startVirtualThread(start);
    if (!ended) {
      waiting.add(start);
    }
  }

  private void startDelayed() {
    try {
      for (var left = MAX_PLATFORM_THREADS; left > 0 && !ended; ) {
        var next = waiting.take();
        TimeUnit.NANOSECONDS.sleep(next.nanoTime() + DELAY.toNanos() - System.nanoTime());
        if (!next.started().get()) {
          left--;
          Thread.ofPlatform().daemon().start(next);
        }
      }
    } catch (InterruptedException _) { // end() was called
      Thread.currentThread().interrupt();
    }
  }

  /** Starts no further platform thread. */
  void end() {
    ended = true;
    starter.interrupt();
  }
}
