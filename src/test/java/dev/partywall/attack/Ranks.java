package dev.partywall.attack;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Two samples, compared by their ranks: the test of Mann and Whitney, in its normal approximation.
 *
 * @param z how many standard deviations the first one's ranks are from what chance would give;
 *     beyond 3 either way, chance is no explanation
 * @param share how often a value of the first is the greater one, out of all pairs
 */
record Ranks(double z, double share) {
  static Ranks of(long[] first, long[] second) {
    double n = first.length;
    double m = second.length;
    var u = rankSum(first, second) - n * (n + 1) / 2;
    var deviation = Math.sqrt(n * m * (n + m + 1) / 12);
    return new Ranks((u - n * m / 2) / deviation, u / (n * m));
  }

  static long median(long[] values) {
    var sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  /** Equal values share their ranks. */
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
        // the end of the equal ones
      }
      var rank = (from + 1 + to) / 2.0;
      sum += rank * all.subList(from, to).stream().filter(it -> it >= 0).count();
    }
    return sum;
  }

  private static long value(int index, long[] first, long[] second) {
    return index >= 0 ? first[index] : second[-index - 1];
  }
}
