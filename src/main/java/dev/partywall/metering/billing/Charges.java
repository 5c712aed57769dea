package dev.partywall.metering.billing;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.partywall.metering.meter.UsageMeter;
import java.time.Instant;
import java.util.List;

/**
 * A tenant's bill for a period, in millionths of the currency unit. The total is the sum of the
 * rounded lines.
 */
record Charges(String currency, List<ChargeLine> lines) {
  /**
   * The charge for one meter, under one tier and one version of the price list.
   *
   * @param from the start of the version
   * @param steps the amount of the meter
   * @param assumed whether the ledger lacks the tier of some of the hours in which the steps were
   *     counted. The tier in the registry applies to them; that of a deleted tenant, at its
   *     deletion
   */
  record ChargeLine(
      String tier, Instant from, UsageMeter meter, long steps, long micros, boolean assumed) {
    private void writeTo(ObjectNode node) {
      node.put("tier", tier).put("from", from.toString()).put("meter", meter.label());
      node.put("amount", meter.units(steps)).put("micros", micros);
      if (assumed) {
        node.put("assumed", true);
      }
    }
  }

  ObjectNode toJson() {
    var node = JsonNodeFactory.instance.objectNode().put("currency", currency);
    var array = node.putArray("lines");
    lines.forEach(line -> line.writeTo(array.addObject()));
    return node.put("totalMicros", totalMicros());
  }

  /**
   * Returns the sum of the lines.
   *
   * @throws ArithmeticException on overflow
   */
  long totalMicros() {
    return lines.stream().mapToLong(ChargeLine::micros).reduce(0, Math::addExact);
  }
}
