package dev.partywall.metering.billing;

import dev.partywall.metering.meter.UsageMeter;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * The cost of a tenant's usage, in millionths of the currency unit.
 *
 * @param tier the tier that determines the bill's prices, if it is known
 * @param cost the cost of serving the tenant
 * @param bill the amount due, if the tier has prices
 */
record Charges(
    String currency,
    Optional<String> tier,
    Optional<ChargeLines> cost,
    Optional<ChargeLines> bill) {
  /** The charge for each meter that has a price. The total is the sum of the rounded charges. */
  record ChargeLines(SequencedMap<UsageMeter, Long> amounts) {
    long total() {
      return amounts.values().stream().mapToLong(Long::longValue).reduce(0, Math::addExact);
    }
  }
}
