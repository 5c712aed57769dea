package dev.partywall.metering.billing;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.partywall.json.Json;
import dev.partywall.metering.meter.OperationMeter;
import dev.partywall.metering.meter.UsageMeter.NamedMeter;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * The usage of a tenant in a period as an operator sees it: with the bill, the cost, the capacity
 * of the operations on it, and the routes and features that the tenant used.
 *
 * @param charges present if prices are configured
 * @param cost present if prices are configured
 * @param lastRequestAt the time of the last request ever
 */
record TenantBill(
    BilledTenant tenant,
    UsageReport report,
    Optional<Charges> charges,
    Optional<Cost> cost,
    Optional<Instant> lastRequestAt) {
  /** Writes the cost, the operations, the last request, the used parts and the unused ones. */
  void writeUseTo(ObjectNode node, UsableParts parts) {
    cost.ifPresent(amount -> node.set("cost", amount.toJson()));
    writeOperations(node.putObject("operations"));
    lastRequestAt.ifPresent(time -> node.put("lastRequestAt", Json.time(time)));
    var routes = uses(NamedMeter::isRoute);
    var features = uses(NamedMeter::isFeature);
    routes.forEach(node.putObject("routes")::put);
    features.forEach(node.putObject("features")::put);
    tenant
        .record()
        .ifPresent(record -> {
          putUnused(node.putArray("unusedRoutes"), parts.routes(), routes);
          var paid = new TreeSet<>(parts.paidFeatures().apply(record));
          putUnused(node.putArray("unusedPaidFeatures"), paid, features);
        });
  }

  /** Writes the capacity that operations on the tenant have consumed, and its cost. */
  private void writeOperations(ObjectNode node) {
    OperationMeter.ALL.forEach(meter -> node.put(meter.label(), operationUnits(meter)));
    cost.ifPresent(amount -> node.put("costMicros", amount.operationMicros()));
  }

  /** Returns the amount of a meter of operations in the period. */
  BigDecimal operationUnits(NamedMeter meter) {
    return meter.units(report.totals().steps(meter));
  }

  /** Returns the number of uses of each route or feature in the period. */
  private SortedMap<String, Long> uses(Predicate<NamedMeter> selected) {
    var uses = new TreeMap<String, Long>();
    for (var meter : report.totals().meters()) {
      if (meter instanceof NamedMeter named && selected.test(named)) {
        uses.put(named.label(), report.totals().steps(named));
      }
    }
    return uses;
  }

  private static void putUnused(
      ArrayNode node, Collection<String> all, SortedMap<String, Long> used) {
    all.stream().filter(name -> !used.containsKey(name)).forEach(node::add);
  }
}
