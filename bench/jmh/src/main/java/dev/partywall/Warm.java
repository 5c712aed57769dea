package dev.partywall;

import java.util.function.Supplier;

/**
 * Calls a thing so often that the JIT has had its say, whatever JMH is told about warm-up: a call
 * of the AWS SDK runs through so much code that it is three times as slow for the first seconds.
 */
final class Warm {
  private static final int CALLS = 20_000;

  private Warm() {}

  static void up(Supplier<?> call) {
    for (var i = 0; i < CALLS; i++) {
      if (call.get() == null) {
        throw new IllegalStateException("nothing came of it");
      }
    }
  }
}
