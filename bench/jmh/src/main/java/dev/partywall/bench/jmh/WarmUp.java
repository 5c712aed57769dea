package dev.partywall.bench.jmh;

import java.util.function.Supplier;

/**
 * Warms up a call until the JIT has compiled it, independent of JMH's warm-up. An AWS SDK call runs
 * so much code that it is three times slower in the first seconds.
 */
final class WarmUp {
  private static final int CALLS = 20_000;

  private WarmUp() {}

  static void run(Supplier<?> call) {
    for (var i = 0; i < CALLS; i++) {
      if (call.get() == null) {
        throw new IllegalStateException("the call returned null");
      }
    }
  }
}
