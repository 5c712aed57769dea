package dev.partywall.metering.billing;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.partywall.metering.meter.Amounts;
import dev.partywall.metering.meter.Usage;
import dev.partywall.metering.meter.UsageMeter;
import dev.partywall.tenancy.Tenant;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A tenant's usage in a period, by buckets of an hour or a day. Empty buckets are omitted. A day
 * that the period covers partly has the usage of that part only, so the totals are those of the
 * period regardless of the granularity.
 */
record UsageReport(
    Tenant tenant,
    Period period,
    Granularity granularity,
    SortedMap<Instant, Amounts> amountsByStart,
    Amounts totals) {
  private static final String LINE_END = "\r\n";

  static UsageReport of(Tenant tenant, Period period, Granularity granularity, List<Usage> hours) {
    var buckets = new TreeMap<Instant, Amounts>();
    var totals = Amounts.ZERO;
    for (var usage : hours) {
      buckets.merge(granularity.startOf(usage.hour()), usage.amounts(), Amounts::plus);
      totals = totals.plus(usage.amounts());
    }
    return new UsageReport(tenant, period, granularity, buckets, totals);
  }

  /** Returns the report as JSON, with the charges if prices are given. */
  ObjectNode toJson(Optional<PriceList> prices) {
    var node = JsonNodeFactory.instance.objectNode();
    node.put("tenant", tenant.id().value());
    node.put("from", period.from().toString()).put("to", period.to().toString());
    node.put("granularity", granularity.label());
    var usage = node.putArray("usage");
    amountsByStart.forEach((start, amounts) -> {
      var bucket = usage.addObject().put("start", start.toString());
      putAmounts(bucket.putObject("meters"), amounts);
    });
    putAmounts(node.putObject("totals"), totals);
    prices.ifPresent(
        list -> putCharges(node.putObject("charges"), list.charge(tenant.tier(), totals)));
    return node;
  }

  /**
   * Returns the buckets as CSV (RFC 4180). It has no line of totals: a spreadsheet would count it
   * twice.
   */
  byte[] toCsv() {
    var head =
        UsageMeter.ALL.stream()
            .map(UsageMeter::label)
            .collect(Collectors.joining(",", "start,", LINE_END));
    var lines =
        amountsByStart.entrySet().stream()
            .map(bucket -> bucket.getKey() + "," + numbers(bucket.getValue()) + LINE_END)
            .collect(Collectors.joining("", head, ""));
    return lines.getBytes(StandardCharsets.UTF_8);
  }

  private static void putAmounts(ObjectNode node, Amounts amounts) {
    UsageMeter.ALL.forEach(meter -> node.put(meter.label(), meter.units(amounts.steps(meter))));
  }

  private static void putCharges(ObjectNode node, Charges charges) {
    node.put("currency", charges.currency());
    charges.tier().ifPresent(tier -> node.put("tier", tier));
    charges.cost().ifPresent(lines -> putMicros(node.putObject("costMicros"), lines));
    charges.bill().ifPresent(lines -> putMicros(node.putObject("billMicros"), lines));
  }

  private static void putMicros(ObjectNode node, Charges.ChargeLines lines) {
    lines.amounts().forEach((meter, micros) -> node.put(meter.label(), micros));
    node.put("total", lines.total());
  }

  private static String numbers(Amounts amounts) {
    return UsageMeter.ALL.stream()
        .map(meter -> meter.units(amounts.steps(meter)).toPlainString())
        .collect(Collectors.joining(","));
  }
}
