package dev.partywall.bench;

import java.util.List;

/** The median, the lowest and the highest of several measurements. */
record Spread(double median, double low, double high) {
  static Spread of(List<Double> values) {
    var sorted = values.stream().sorted().toList();
    var half = sorted.size() / 2;
    var median =
        sorted.size() % 2 == 1 ? sorted.get(half) : (sorted.get(half - 1) + sorted.get(half)) / 2;
    return new Spread(median, sorted.getFirst(), sorted.getLast());
  }
}
