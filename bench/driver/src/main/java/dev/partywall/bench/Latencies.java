package dev.partywall.bench;

import java.util.Arrays;

/** Latencies in nanoseconds. All values are kept: at most some hundred thousand. */
final class Latencies {
  private long[] values = new long[64];
  private int count;

  void add(long nanos) {
    if (count == values.length) {
      values = Arrays.copyOf(values, count * 2);
    }
    values[count++] = nanos;
  }

  void add(Latencies other) {
    for (var i = 0; i < other.count; i++) {
      add(other.values[i]);
    }
  }

  int count() {
    return count;
  }

  /** Returns a percentile in milliseconds. */
  double percentile(double percent) {
    var sorted = Arrays.copyOf(values, count);
    Arrays.sort(sorted);
    var rank = (int) Math.ceil(percent / 100 * count);
    return sorted[Math.max(0, rank - 1)] / 1e6;
  }
}
