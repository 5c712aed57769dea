package dev.partywall.metering.billing;

import dev.partywall.json.Json;
import dev.partywall.metering.meter.OperationMeter;
import dev.partywall.metering.meter.ServiceMeters;
import dev.partywall.metering.meter.UsageMeter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Writes bills as CSV (RFC 4180): a header line, and one line per tenant with its totals. Money is
 * in millionths of the currency unit. It is empty if no prices are configured.
 */
record BillCsv(ServiceMeters meters) {
  private static final String LINE_END = "\r\n";

  /**
   * Spreadsheets evaluate a cell that starts with one of these characters. With some languages they
   * accept the full-width forms as well.
   */
  private static final String FORMULA_STARTS = "=+-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20";

  byte[] of(Collection<TenantBill> bills) {
    var text = new StringBuilder(line(header()));
    bills.forEach(bill -> text.append(line(values(bill))));
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  private List<String> header() {
    var names =
        new ArrayList<>(
            List.of(
                "tenant", "incarnation", "name", "status", "tier", "from", "to", "lastRequestAt"));
    meters.all().forEach(meter -> names.add(meter.label()));
    names.addAll(List.of("currency", "chargesMicros", "costMicros"));
    names.addAll(List.of("operationReadUnits", "operationWriteUnits", "operationCostMicros"));
    return names;
  }

  private List<String> values(TenantBill bill) {
    var tenant = bill.tenant();
    var period = bill.report().period();
    var values =
        new ArrayList<>(
            List.of(
                tenant.id().id().value(),
                Integer.toString(tenant.id().incarnation()),
                neutralized(tenant.name()),
                tenant.status().label(),
                neutralized(tenant.tier()),
                period.from().toString(),
                period.to().toString(),
                bill.lastRequestAt().map(Json::time).orElse("")));
    meters.all().forEach(meter -> values.add(number(meter, bill)));
    values.add(bill.charges().map(Charges::currency).orElse(""));
    values.add(bill.charges().map(charges -> Long.toString(charges.totalMicros())).orElse(""));
    values.add(bill.cost().map(cost -> Long.toString(cost.totalMicros())).orElse(""));
    OperationMeter.ALL.forEach(meter -> values.add(bill.operationUnits(meter).toPlainString()));
    values.add(bill.cost().map(cost -> Long.toString(cost.operationMicros())).orElse(""));
    return values;
  }

  private static String number(UsageMeter meter, TenantBill bill) {
    return meter.units(bill.report().totals().steps(meter)).toPlainString();
  }

  /** Puts an apostrophe before a text that a spreadsheet would evaluate as a formula. */
  private static String neutralized(String text) {
    return !text.isEmpty() && FORMULA_STARTS.indexOf(text.charAt(0)) >= 0 ? "'" + text : text;
  }

  private static String line(List<String> values) {
    return values.stream().map(BillCsv::quoted).collect(Collectors.joining(",", "", LINE_END));
  }

  /** RFC 4180, section 2, rules 5 to 7. */
  private static String quoted(String value) {
    return value.chars().anyMatch(character -> ",\"\r\n".indexOf(character) >= 0)
        ? "\"" + value.replace("\"", "\"\"") + "\""
        : value;
  }
}
