package dev.partywall.concurrent;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * The time at which an operation must have ended.
 *
 * @param nanos the value of the clock at that time
 * @param nanoTime a monotonic clock in nanoseconds
 */
public record Deadline(long nanos, LongSupplier nanoTime) {
  /** Returns the remaining time, which is negative after the deadline. */
  public Duration remaining() {
    return Duration.ofNanos(nanos - nanoTime.getAsLong());
  }
}
