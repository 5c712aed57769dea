package dev.partywall.bench.stub;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The busy time that the product has added to the ledger, per tenant. Other usage is ignored. */
final class StubLedger {
  private static final String UPDATE = "\"Update\":";
  private static final Pattern TENANT = Pattern.compile("\"pk\":\\{\"S\":\"([^\"]+)\"}");
  private static final Pattern BUSY = Pattern.compile("\":busyMs\":\\{\"N\":\"([0-9.]+)\"}");

  private final Map<String, Double> busyMillis = new ConcurrentHashMap<>();

  /** Adds the busy time in a transaction of additions. */
  void add(String transaction) {
    for (var update : transaction.split(UPDATE)) {
      var tenant = TENANT.matcher(update);
      var busy = BUSY.matcher(update);
      if (tenant.find() && busy.find()) {
        busyMillis.merge(tenant.group(1), Double.valueOf(busy.group(1)), Double::sum);
      }
    }
  }

  /** Returns a line per tenant: its name and its milliseconds. */
  String busyTimes() {
    return busyMillis.entrySet().stream()
        .map(entry -> entry.getKey() + " " + entry.getValue())
        .collect(Collectors.joining("\n"));
  }
}
