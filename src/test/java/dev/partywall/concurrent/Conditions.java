package dev.partywall.concurrent;

import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;

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

  /**
   * Repeats a call until its result meets the condition.
   *
   * @return the first result that meets it
   * @throws AssertionError with this message if that takes over a minute
   */
  public static <T> T awaitResult(Supplier<T> call, Predicate<T> condition, String message) {
    var results = new ArrayList<T>();
    await(
        () -> {
          results.add(call.get());
          return condition.test(results.getLast());
        },
        message);
    return results.getLast();
  }

  /** Waits one millisecond before the next poll of a cheap condition. */
  public static void pause() {
    LockSupport.parkNanos(PAUSE.toNanos());
  }
}
