package dev.partywall.operations.lifecycle;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * Limits the capacity that all operations of this instance consume together. Consumed units are
 * known only after a call, so a call starts when the earlier ones are paid for. After DynamoDB has
 * throttled a call, the rate halves, and then rises by a tenth of the maximum per second.
 */
public final class OperationPace {
  private static final long SECOND_NANOS = Duration.ofSeconds(1).toNanos();
  private static final long MAX_PARK_NANOS = Duration.ofMillis(100).toNanos();

  /** With less, a page of 600 units would wait for longer than the lease of its operation. */
  private static final double MIN_PART = 0.1;

  private static final double RISE_PER_SECOND = 0.1;

  private final double maxUnitsPerSecond;
  private final LongSupplier nanoTime;
  private double part = 1;
  private double available;
  private long updatedAt;

  /**
   * Creates a pace.
   *
   * @param unitsPerSecond the maximum rate in capacity units
   * @param nanoTime a monotonic clock in nanoseconds
   */
  public OperationPace(double unitsPerSecond, LongSupplier nanoTime) {
    this.maxUnitsPerSecond = unitsPerSecond;
    this.nanoTime = nanoTime;
    this.available = unitsPerSecond;
    this.updatedAt = nanoTime.getAsLong();
  }

  /**
   * Waits until the next call can start.
   *
   * @throws IllegalStateException if the thread is interrupted
   */
  public void await() {
    await(() -> {});
  }

  /**
   * Waits until the next call can start.
   *
   * @param check is called before each pause, and can end the wait by an exception
   */
  void await(Runnable check) {
    for (var nanos = delayNanos(); nanos > 0; nanos = delayNanos()) {
      check.run();
      LockSupport.parkNanos(this, Math.min(nanos, MAX_PARK_NANOS));
      if (Thread.interrupted()) {
        throw new IllegalStateException("interrupted while waiting for capacity");
      }
    }
  }

  /** Returns the time until the next call can start; 0 or less if it can start now. */
  synchronized long delayNanos() {
    refill();
    return available >= 0 ? 0 : (long) (-available / (maxUnitsPerSecond * part) * SECOND_NANOS) + 1;
  }

  /** Records the units that a call has consumed. */
  public synchronized void consumed(double units) {
    refill();
    available -= units;
  }

  /** Records that DynamoDB has throttled a call. */
  public synchronized void throttled() {
    refill();
    part = Math.max(MIN_PART, part / 2);
    available = Math.min(available, -maxUnitsPerSecond * part / 2); // a pause of half a second
  }

  private void refill() {
    var now = nanoTime.getAsLong();
    var seconds = (double) (now - updatedAt) / SECOND_NANOS;
    updatedAt = now;
    available = Math.min(maxUnitsPerSecond, available + seconds * maxUnitsPerSecond * part);
    part = Math.min(1, part + seconds * RISE_PER_SECOND);
  }
}
