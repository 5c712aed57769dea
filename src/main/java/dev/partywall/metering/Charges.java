package dev.partywall.metering;

import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a tenant's usage costs, in millionths of the currency's unit.
 *
 * @param tier whose prices the bill is by
 * @param cost what it costs to serve
 * @param bill what is to be paid, where the tier has prices
 */
record Charges(String currency, String tier, Optional<Lines> cost, Optional<Lines> bill) {
  /** A line for each measure that has a price. The total is the sum of the lines as they stand. */
  record Lines(SortedMap<Measure, Long> each) {
    static Lines of(Map<Measure, Price> prices, Amounts amounts) {
      var lines = new TreeMap<Measure, Long>();
      prices.forEach((it, price) -> lines.put(it, price.of(it, amounts.steps(it))));
      return new Lines(lines);
    }

    long total() {
      return each.values().stream().mapToLong(Long::longValue).reduce(0, Math::addExact);
    }
  }
}
