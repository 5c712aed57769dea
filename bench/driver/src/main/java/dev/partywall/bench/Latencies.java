package dev.partywall.bench;

import java.util.Arrays;

/** Latencies in nanoseconds, each of them kept: there are at most some hundred thousand. */
final class Latencies {
  private long[] values = new long[64];
  private int count;

  void add(long nanos) {
    if (count == values.length) {
      values = Arrays.copyOf(values, count * 2);
    }
    values[count++] = nanos;
  }

  void add(Latencies others) {
    for (var i = 0; i < others.count; i++) {
      add(others.values[i]);
    }
  }

  int count() {
    return count;
  }

  /** The latency that so many of a hundred did not exceed, in milliseconds. */
  double percentile(double percent) {
    var sorted = Arrays.copyOf(values, count);
    Arrays.sort(sorted);
    var rank = (int) Math.ceil(percent / 100 * count);
    return sorted[Math.max(0, rank - 1)] / 1e6;
  }
}
