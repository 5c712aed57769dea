package dev.partywall.metering;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.stream.Collectors;

/** A report as JSON, and as CSV (RFC 4180). */
final class UsageFormats {
  private static final String LINE = "\r\n";

  private UsageFormats() {}

  static ObjectNode json(UsageReport report, Optional<Prices> prices) {
    var node = JsonNodeFactory.instance.objectNode();
    node.put("tenant", report.tenant().id().value());
    node.put("from", report.period().from().toString());
    node.put("to", report.period().to().toString());
    node.put("granularity", report.granularity().label());
    var usage = node.putArray("usage");
    report
        .buckets()
        .forEach((start, amounts) -> {
          var bucket = usage.addObject().put("start", start.toString());
          meters(bucket.putObject("meters"), amounts);
        });
    meters(node.putObject("totals"), report.totals());
    prices.ifPresent(it -> charges(node.putObject("charges"), it.charge(report)));
    return node;
  }

  /**
   * The buckets alone; a spreadsheet adds up on its own, and a line of totals would count twice.
   */
  static byte[] csv(UsageReport report) {
    var head =
        Measure.ALL.stream().map(Measure::label).collect(Collectors.joining(",", "start,", LINE));
    var lines =
        report.buckets().entrySet().stream()
            .map(it -> it.getKey() + "," + numbers(it.getValue()) + LINE)
            .collect(Collectors.joining("", head, ""));
    return lines.getBytes(StandardCharsets.UTF_8);
  }

  private static void charges(ObjectNode node, Charges charges) {
    node.put("currency", charges.currency()).put("tier", charges.tier());
    charges.cost().ifPresent(it -> micros(node.putObject("costMicros"), it));
    charges.bill().ifPresent(it -> micros(node.putObject("billMicros"), it));
  }

  private static void micros(ObjectNode node, Charges.Lines lines) {
    lines.each().forEach((measure, micros) -> node.put(measure.label(), micros));
    node.put("total", lines.total());
  }

  private static void meters(ObjectNode node, Amounts amounts) {
    Measure.ALL.forEach(it -> put(node, it.label(), it.units(amounts.steps(it))));
  }

  /** Whole numbers as such: Jackson would write 600 as a decimal with an exponent. */
  static void put(ObjectNode node, String name, BigDecimal number) {
    if (number.scale() == 0) {
      node.put(name, number.longValueExact());
    } else {
      node.put(name, number);
    }
  }

  private static String numbers(Amounts amounts) {
    return Measure.ALL.stream()
        .map(measure -> measure.units(amounts.steps(measure)).toPlainString())
        .collect(Collectors.joining(","));
  }
}
