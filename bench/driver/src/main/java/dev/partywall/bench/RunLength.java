package dev.partywall.bench;

import java.time.Duration;

/**
 * How long the parts of the scale run.
 *
 * @param divisor 1 for figures that mean something; more to see in a minute whether all of it runs
 */
record RunLength(int divisor) {
  Duration seconds(int wanted) {
    return Duration.ofMillis(Math.max(1_000, wanted * 1_000L / divisor));
  }

  int count(int wanted) {
    return Math.max(Math.min(wanted, 10), wanted / divisor);
  }
}
