package dev.partywall.bench;

import java.time.Duration;

/**
 * The length of the parts of a scale run.
 *
 * @param divisor 1 for valid figures; a larger value for a quick check that all parts run
 */
record RunLength(int divisor) {
  Duration seconds(int full) {
    return Duration.ofMillis(Math.max(1_000, full * 1_000L / divisor));
  }

  int count(int full) {
    return Math.max(Math.min(full, 10), full / divisor);
  }
}
