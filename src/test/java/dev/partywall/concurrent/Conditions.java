package dev.partywall.concurrent;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waits for conditions that no code signals. */
public final class Conditions {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private Conditions() {}

  /**
   * Waits until the condition is met.
   *
   * @throws AssertionError with this message if that takes over a minute
   */
  public static void await(BooleanSupplier condition, String message) {
    var start = System.nanoTime();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - start > LIMIT.toNanos()) {
        throw new AssertionError(message);
      }
      Thread.onSpinWait();
    }
  }
}
