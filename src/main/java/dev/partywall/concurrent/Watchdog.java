package dev.partywall.concurrent;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * Ends operations whose time is up. One thread checks all of them every 50 ms, and parks while none
 * runs. A timer per operation would cost more than many operations: a timed wait of a virtual
 * thread takes 20 to 30 µs.
 */
public final class Watchdog implements AutoCloseable {
  private static final Duration INTERVAL = Duration.ofMillis(50);

  private final long limitNanos;
  private final LongSupplier nanoTime;
  private final Set<Operation> running = ConcurrentHashMap.newKeySet();
  private final WorkThread thread;

  /** An operation with a time limit. */
  public abstract static class Operation {
    private volatile long deadline;

    /**
     * Ends the operation. It is called at each check until the operation is removed, because the
     * operation may ignore the first call. It must neither block nor throw.
     */
    protected abstract void expire();
  }

  /**
   * Creates a watchdog for operations that may take {@code limit}.
   *
   * @param nanoTime a monotonic clock in nanoseconds
   */
  public Watchdog(String name, Duration limit, LongSupplier nanoTime) {
    this.limitNanos = limit.toNanos();
    this.nanoTime = nanoTime;
    this.thread = new WorkThread(name, INTERVAL, running::isEmpty, this::check);
  }

  /** Starts the thread that calls {@link #check}. */
  public Watchdog start() {
    thread.start();
    return this;
  }

  /** Starts the time of an operation. */
  public void add(Operation operation) {
    start(operation, limitNanos);
  }

  /**
   * Starts the time of an operation that may take {@code limit}. A longer limit than that of this
   * watchdog has no effect.
   *
   * @param elapsed the part of the limit that has passed before
   * @return the time at which the operation expires
   */
  public Deadline add(Operation operation, Duration limit, Duration elapsed) {
    start(operation, Math.min(limitNanos, limit.toNanos()) - elapsed.toNanos());
    return new Deadline(operation.deadline, nanoTime);
  }

  private void start(Operation operation, long nanos) {
    operation.deadline = nanoTime.getAsLong() + nanos;
    running.add(operation);
    thread.wake();
  }

  /** Ends the time of an operation: it has completed. */
  public void remove(Operation operation) {
    running.remove(operation);
  }

  /** Expires every operation whose time is up. */
  public void check() {
    var now = nanoTime.getAsLong();
    for (var operation : running) {
      if (now - operation.deadline >= 0) {
        operation.expire();
      }
    }
  }

  /** Lets operations run without a limit from now on. */
  @Override
  public void close() {
    thread.close();
  }
}
