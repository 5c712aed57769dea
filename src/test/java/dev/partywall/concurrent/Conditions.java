package dev.partywall.concurrent;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for conditions that no code signals. */
public final class Conditions {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final Duration PAUSE = Duration.ofMillis(1);
  private static final Duration LONGEST_PAUSE = Duration.ofMillis(50);

  private Conditions() {}

  /**
   * Waits until the condition is met.
   *
   * @throws AssertionError with this message if that takes over a minute
   */
  public static void await(BooleanSupplier condition, String message) {
    var start = System.nanoTime();
    for (var before = start; !condition.getAsBoolean(); before = System.nanoTime()) {
      var after = System.nanoTime();
      if (after - start > LIMIT.toNanos()) {
        throw new AssertionError(message);
      }
      // A condition that sends requests would otherwise take a processor from the code that it
      // waits for, and from other tests.
      LockSupport.parkNanos(
          Math.clamp(9 * (after - before), PAUSE.toNanos(), LONGEST_PAUSE.toNanos()));
    }
  }

  /** Waits one millisecond before the next poll of a cheap condition. */
  public static void pause() {
    LockSupport.parkNanos(PAUSE.toNanos());
  }
}
