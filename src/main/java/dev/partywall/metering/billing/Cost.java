package dev.partywall.metering.billing;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.partywall.metering.meter.UsageMeter;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/**
 * The operator's cost of serving a tenant, in millionths of the currency unit. The total is the sum
 * of the rounded lines. Only operators' routes may return it.
 */
record Cost(String currency, List<CostLine> lines) {
  /**
   * The cost of one meter, under one version of the price list.
   *
   * @param from the start of the version
   * @param meter a meter of the tenant's usage, or of the capacity of operations
   * @param steps the amount of the meter
   */
  record CostLine(Instant from, UsageMeter meter, long steps, long micros) {
    private void writeTo(ObjectNode node) {
      node.put("from", from.toString()).put("meter", meter.label());
      node.put("amount", meter.units(steps)).put("micros", micros);
      if (meter.countsOperations()) {
        node.put("operations", true);
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
    return sum(lines.stream());
  }

  /**
   * Returns the part of the total that operations have caused.
   *
   * @throws ArithmeticException on overflow
   */
  long operationMicros() {
    return sum(lines.stream().filter(line -> line.meter().countsOperations()));
  }

  private static long sum(Stream<CostLine> lines) {
    return lines.mapToLong(CostLine::micros).reduce(0, Math::addExact);
  }
}
