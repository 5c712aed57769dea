package dev.partywall.metering;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.stream.Collectors;

/** Formats a report as JSON or as CSV (RFC 4180). */
final class UsageFormats {
  private static final String LINE_END = "\r\n";

  private UsageFormats() {}

  static ObjectNode json(UsageReport report, Optional<PriceList> prices) {
    var node = JsonNodeFactory.instance.objectNode();
    node.put("tenant", report.tenant().id().value());
    node.put("from", report.period().from().toString());
    node.put("to", report.period().to().toString());
    node.put("granularity", report.granularity().label());
    var usage = node.putArray("usage");
    report
        .amountsByStart()
        .forEach((start, amounts) -> {
          var bucket = usage.addObject().put("start", start.toString());
          meters(bucket.putObject("meters"), amounts);
        });
    meters(node.putObject("totals"), report.totals());
    prices.ifPresent(list -> charges(node.putObject("charges"), list.charge(report)));
    return node;
  }

  /** Returns the buckets as CSV. It has no line of totals: a spreadsheet would count it twice. */
  static byte[] csv(UsageReport report) {
    var head =
        UsageMeter.ALL.stream()
            .map(UsageMeter::label)
            .collect(Collectors.joining(",", "start,", LINE_END));
    var lines =
        report.amountsByStart().entrySet().stream()
            .map(bucket -> bucket.getKey() + "," + numbers(bucket.getValue()) + LINE_END)
            .collect(Collectors.joining("", head, ""));
    return lines.getBytes(StandardCharsets.UTF_8);
  }

  private static void charges(ObjectNode node, Charges charges) {
    node.put("currency", charges.currency());
    charges.tier().ifPresent(tier -> node.put("tier", tier));
    charges.cost().ifPresent(lines -> micros(node.putObject("costMicros"), lines));
    charges.bill().ifPresent(lines -> micros(node.putObject("billMicros"), lines));
  }

  private static void micros(ObjectNode node, Charges.ChargeLines lines) {
    lines.amounts().forEach((measure, micros) -> node.put(measure.label(), micros));
    node.put("total", lines.total());
  }

  private static void meters(ObjectNode node, Amounts amounts) {
    UsageMeter.ALL.forEach(
        measure -> put(node, measure.label(), measure.units(amounts.steps(measure))));
  }

  /** Writes integers as integers: Jackson would write 600 as a decimal with an exponent. */
  static void put(ObjectNode node, String name, BigDecimal number) {
    if (number.scale() == 0) {
      node.put(name, number.longValueExact());
    } else {
      node.put(name, number);
    }
  }

  private static String numbers(Amounts amounts) {
    return UsageMeter.ALL.stream()
        .map(measure -> measure.units(amounts.steps(measure)).toPlainString())
        .collect(Collectors.joining(","));
  }
}
