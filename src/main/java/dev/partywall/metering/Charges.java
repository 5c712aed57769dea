package dev.partywall.metering;

import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The cost of a tenant's usage, in millionths of the currency unit.
 *
 * @param tier the tier that determines the bill's prices
 * @param cost the cost of serving the tenant
 * @param bill the amount due, if the tier has prices
 */
record Charges(String currency, String tier, Optional<Lines> cost, Optional<Lines> bill) {
  /** The charge for each measure that has a price. The total is the sum of the rounded charges. */
  record Lines(SortedMap<Measure, Long> each) {
    static Lines of(Map<Measure, Price> prices, Amounts amounts) {
      var lines = new TreeMap<Measure, Long>();
      prices.forEach(
          (measure, price) -> lines.put(measure, price.of(measure, amounts.steps(measure))));
      return new Lines(lines);
    }

    long total() {
      return each.values().stream().mapToLong(Long::longValue).reduce(0, Math::addExact);
    }
  }
}
