package dev.partywall.bench.stub;

import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The content of tenants that are exported. The name states the number of orders: {@code
 * export1000-1} has a thousand. It consumes the capacity of a consistent read of its size.
 */
final class StubContent {
  private static final String CONDITION = "sk >= :bound";
  private static final Pattern TENANT = Pattern.compile("\"S\":\"(export(\\d+)-\\d+)\"");
  private static final Pattern LIMIT = Pattern.compile("\"Limit\":(\\d+)");
  private static final Pattern AFTER = Pattern.compile("\"order#01JDEZ8Q4V(\\d{16})\"");
  private static final int UNIT_BYTES = 4_096;

  private StubContent() {}

  /** Returns whether a query reads the content of such a tenant, and not the kernel's items. */
  static boolean isRead(String body) {
    return body.contains(CONDITION) && TENANT.matcher(body).find();
  }

  static byte[] page(String body) {
    var tenant = TENANT.matcher(body);
    var limit = LIMIT.matcher(body);
    if (!tenant.find() || !limit.find()) {
      throw new IllegalArgumentException(body);
    }
    var after = AFTER.matcher(body);
    var from = after.find() ? Integer.parseInt(after.group(1)) + 1 : 0;
    var end = Math.min(Integer.parseInt(tenant.group(2)), from + Integer.parseInt(limit.group(1)));
    var name = tenant.group(1);
    var items =
        IntStream.range(from, end)
            .mapToObj(number -> StubOrders.ascending(number, name))
            .collect(Collectors.joining(","));
    return StubResponse.dynamo(
        "200 OK",
        """
        {"Items":[%s],"Count":%2$d,"ScannedCount":%2$d,\
        "ConsumedCapacity":{"TableName":"partywall-orders","CapacityUnits":%3$d.0}%4$s}\
        """
            .formatted(
                items,
                end - from,
                items.length() / UNIT_BYTES + 1,
                end < Integer.parseInt(tenant.group(2)) ? position(name, end - 1) : ""));
  }

  private static String position(String tenant, int number) {
    return ",\"LastEvaluatedKey\":{\"pk\":{\"S\":\"%s\"},\"sk\":{\"S\":\"order#%s\"}}"
        .formatted(tenant, StubOrders.id(number));
  }
}
