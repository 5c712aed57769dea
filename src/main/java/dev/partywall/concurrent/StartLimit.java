package dev.partywall.concurrent;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Starts tasks in virtual threads, and limits the number of tasks that run. Further tasks wait in
 * the order of their arrival, and a task that waits has no thread yet.
 *
 * <p>A task can pause. It does not count as running meanwhile, and the paused tasks have a limit of
 * their own. While so many are paused, no further task starts, because it could not pause.
 *
 * <p>A task that has waited for the longest time starts in spite of the limits.
 */
public final class StartLimit {
  private static final ScopedValue<Long> WAITED = ScopedValue.newInstance();

  private final int maxRunning;
  private final int maxPaused;
  private final long maxWaitNanos;
  private final LongSupplier nanoTime;
  private final Queue<WaitingTask> waiting = new ArrayDeque<>();
  private int running;
  private int paused;
  private boolean ended;

  private record WaitingTask(Runnable task, long since) {}

  /**
   * Creates a limit.
   *
   * @param maxRunning the maximum number of tasks that run
   * @param maxPaused the maximum number of tasks that are paused
   * @param maxWait the longest wait for a start
   * @param nanoTime a monotonic clock in nanoseconds
   */
  public StartLimit(int maxRunning, int maxPaused, Duration maxWait, LongSupplier nanoTime) {
    this.maxRunning = maxRunning;
    this.maxPaused = maxPaused;
    this.maxWaitNanos = maxWait.toNanos();
    this.nanoTime = nanoTime;
  }

  /** Returns a limit that starts each task at once. */
  public static StartLimit none() {
    return new StartLimit(
        Integer.MAX_VALUE, Integer.MAX_VALUE, Duration.ofSeconds(1), System::nanoTime);
  }

  /** Starts a task, as soon as the limits permit it. */
  public void start(Runnable task) {
    synchronized (this) {
      waiting.add(new WaitingTask(task, nanoTime.getAsLong()));
    }
    startDue();
  }

  /**
   * Starts the tasks that the limits permit. The start, the pause and the end of each task do this.
   * Call it periodically for the tasks that have waited for the longest time.
   */
  public void startDue() {
    for (var next = takeDue(); next != null; next = takeDue()) {
      var due = next;
      Thread.startVirtualThread(() -> run(due));
    }
  }

  private synchronized @Nullable WaitingTask takeDue() {
    var first = waiting.peek();
    if (first == null || !(hasRoom() || nanosSince(first) >= maxWaitNanos)) {
      return null;
    }
    running++;
    return waiting.remove();
  }

  private boolean hasRoom() {
    return ended || (running < maxRunning && paused < maxPaused);
  }

  private long nanosSince(WaitingTask task) {
    return nanoTime.getAsLong() - task.since();
  }

  private void run(WaitingTask task) {
    try {
      ScopedValue.where(WAITED, nanosSince(task)).run(task.task());
    } finally {
      synchronized (this) {
        running--;
      }
      startDue();
    }
  }

  /**
   * Returns the time for which the task of the current thread has waited for its start, or zero if
   * the thread runs no task.
   */
  public static Duration waited() {
    return Duration.ofNanos(WAITED.orElse(0L));
  }

  /**
   * Pauses the task of the current thread.
   *
   * @return false, without an effect, if the maximum number of tasks is paused. Otherwise, call
   *     {@link #resume} at the end of the pause
   */
  public boolean tryPause() {
    synchronized (this) {
      if (paused >= maxPaused) {
        return false;
      }
      paused++;
      running--;
    }
    startDue();
    return true;
  }

  /** Ends the pause of the task of the current thread. */
  public void resume() {
    synchronized (this) {
      paused--;
      running++;
    }
    startDue();
  }

  /** Returns the number of tasks that wait for their start. */
  public synchronized int waiting() {
    return waiting.size();
  }

  /** Starts all tasks that wait, and from now on each task at once. */
  public void end() {
    synchronized (this) {
      ended = true;
    }
    startDue();
  }
}
