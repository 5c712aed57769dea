package dev.partywall.attack;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The Mann-Whitney U test of two samples, in its normal approximation.
 *
 * @param z the deviation of the first sample's rank sum from its expectation, in standard
 *     deviations; beyond ±3, the samples differ
 * @param superiority the share of all pairs in which the first sample's value is greater
 */
record RankTest(double z, double superiority) {
  static RankTest of(long[] first, long[] second) {
    double n = first.length;
    double m = second.length;
    var u = rankSum(first, second) - n * (n + 1) / 2;
    var deviation = Math.sqrt(n * m * (n + m + 1) / 12);
    return new RankTest((u - n * m / 2) / deviation, u / (n * m));
  }

  static long median(long[] values) {
    var sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  /** Returns the rank sum of the first sample; equal values share their mean rank. */
  private static double rankSum(long[] first, long[] second) {
    var all =
        IntStream.concat(IntStream.range(0, first.length), IntStream.range(-second.length, 0))
            .boxed()
            .sorted((a, b) -> Long.compare(value(a, first, second), value(b, first, second)))
            .toList();
    var sum = 0.0;
    for (int from = 0, to; from < all.size(); from = to) {
      for (to = from + 1;
          to < all.size()
              && value(all.get(to), first, second) == value(all.get(from), first, second);
          to++) {
        // find the end of the equal values
      }
      var rank = (from + 1 + to) / 2.0;
      sum += rank * all.subList(from, to).stream().filter(index -> index >= 0).count();
    }
    return sum;
  }

  private static long value(int index, long[] first, long[] second) {
    return index >= 0 ? first[index] : second[-index - 1];
  }
}
