package dev.partywall.concurrent;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * A thread that repeats a task at an interval while there is work, and parks otherwise.
 *
 * <p>It is a platform thread, because it must run when virtual threads have no carrier left.
 */
public final class WorkThread implements AutoCloseable {
  private final long intervalNanos;
  private final BooleanSupplier isIdle;
  private final Runnable task;
  private final Thread thread;
  private volatile boolean parked;
  private volatile boolean closed;

  /**
   * Creates a thread that is not started.
   *
   * @param isIdle returns whether there is no work
   */
  public WorkThread(String name, Duration interval, BooleanSupplier isIdle, Runnable task) {
    this.intervalNanos = interval.toNanos();
    this.isIdle = isIdle;
    this.task = task;
    this.thread = Thread.ofPlatform().daemon().name(name).unstarted(this::work);
  }

  /** Starts the thread. */
  public void start() {
    thread.start();
  }

  /** Wakes the thread, if it is parked. Call this after work has been added. */
  public void wake() {
    if (parked) {
      LockSupport.unpark(thread);
    }
  }

  /** Returns whether the thread waits for work without a time limit. */
  public boolean isParked() {
    return parked && thread.getState() == Thread.State.WAITING;
  }

  /** Ends the thread after the present repetition. */
  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(thread);
  }

  private void work() {
    while (!closed) {
      if (isIdle.getAsBoolean()) {
        parked = true;
        // Checks again: work that was added before `parked` was set has woken no thread.
        if (isIdle.getAsBoolean() && !closed) {
          LockSupport.park(this);
        }
        parked = false;
      }
      task.run();
      LockSupport.parkNanos(this, intervalNanos);
    }
  }
}
