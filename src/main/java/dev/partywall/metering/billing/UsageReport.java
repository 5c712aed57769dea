package dev.partywall.metering.billing;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.partywall.metering.meter.Amounts;
import dev.partywall.metering.meter.ServiceMeters;
import dev.partywall.metering.meter.Usage;
import dev.partywall.metering.meter.UsageMeter;
import dev.partywall.tenancy.TenantId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A tenant's usage in a period. Intervals without usage of the tenant are omitted. An interval that
 * the period covers partly has the usage of that part only, so the totals are those of the period
 * regardless of the granularity.
 */
record UsageReport(
    ServiceMeters meters,
    TenantId tenant,
    Period period,
    Granularity granularity,
    SortedMap<Instant, Amounts> amountsByStart,
    Amounts totals) {
  private static final String LINE_END = "\r\n";

  static UsageReport of(
      ServiceMeters meters,
      TenantId tenant,
      Period period,
      Granularity granularity,
      List<Usage> hours) {
    var intervals = new TreeMap<Instant, Amounts>();
    var totals = Amounts.ZERO;
    for (var usage : hours) {
      if (usage.amounts().isBillable()) {
        intervals.merge(granularity.startOf(usage.hour()), usage.amounts(), Amounts::plus);
      }
      totals = totals.plus(usage.amounts());
    }
    return new UsageReport(meters, tenant, period, granularity, intervals, totals);
  }

  /** Returns the report as JSON, with the charges if prices are configured. */
  ObjectNode toJson(Optional<Charges> charges) {
    var node = JsonNodeFactory.instance.objectNode();
    node.put("tenant", tenant.value());
    node.put("from", period.from().toString()).put("to", period.to().toString());
    node.put("granularity", granularity.label());
    writeIntervals(node);
    writeTotals(node, charges);
    return node;
  }

  /** Writes the intervals that are not empty. */
  void writeIntervals(ObjectNode node) {
    var usage = node.putArray("usage");
    amountsByStart.forEach((start, amounts) -> {
      var interval = usage.addObject().put("start", start.toString());
      putAmounts(interval.putObject("meters"), amounts);
    });
  }

  /** Writes the totals of the period, and the charges if prices are configured. */
  void writeTotals(ObjectNode node, Optional<Charges> charges) {
    putAmounts(node.putObject("totals"), totals);
    charges.ifPresent(bill -> node.set("charges", bill.toJson()));
  }

  /**
   * Returns the intervals as CSV (RFC 4180). It has no line of totals: a spreadsheet would count it
   * twice.
   */
  byte[] toCsv() {
    var head =
        meters.all().stream()
            .map(UsageMeter::label)
            .collect(Collectors.joining(",", "start,", LINE_END));
    var lines =
        amountsByStart.entrySet().stream()
            .map(interval -> interval.getKey() + "," + numbers(interval.getValue()) + LINE_END)
            .collect(Collectors.joining("", head, ""));
    return lines.getBytes(StandardCharsets.UTF_8);
  }

  private void putAmounts(ObjectNode node, Amounts amounts) {
    meters.all().forEach(meter -> node.put(meter.label(), meter.units(amounts.steps(meter))));
  }

  private String numbers(Amounts amounts) {
    return meters.all().stream()
        .map(meter -> meter.units(amounts.steps(meter)).toPlainString())
        .collect(Collectors.joining(","));
  }
}
