package dev.partywall.attack;

import dev.partywall.tenancy.TenantLocation;
import java.util.HashMap;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * A snapshot of all items, read directly from the engine without access control.
 *
 * @param items the items by table, partition key and sort key
 */
record TableSnapshot(Map<String, Map<String, AttributeValue>> items) {
  static TableSnapshot take(AttackFixture fixture) {
    var items = new HashMap<String, Map<String, AttributeValue>>();
    try (var engine = fixture.dynamo().client()) {
      fixture.placements().tables().forEach(table -> scan(engine, table, items));
    }
    return new TableSnapshot(Map.copyOf(items));
  }

  private static void scan(
      DynamoDbClient engine, String table, Map<String, Map<String, AttributeValue>> items) {
    engine
        .scanPaginator(request -> request.tableName(table))
        .items()
        .forEach(item -> items.put(name(table, item), item));
  }

  private static String name(String table, Map<String, AttributeValue> item) {
    return table + " " + item.get("pk").s() + " " + item.get("sk").s();
  }

  /**
   * Reports each item of this snapshot that changed or is missing now, and each current item that
   * contains another tenant's data.
   */
  void compare(TableSnapshot now, AttackFixture fixture, Findings findings) {
    items.forEach((name, item) -> {
      if (!item.equals(now.items().get(name))) {
        findings.report("item changed or deleted: " + name);
      }
    });
    for (var tenant : fixture.allTenants()) {
      now.items()
          .forEach((name, item) -> {
            if (isAt(tenant.location(), name)) {
              findings.reportLeaks(
                  name, fixture.canaries().canariesIn(item.toString(), tenant.name()));
            }
          });
    }
  }

  private static boolean isAt(TenantLocation location, String name) {
    return location.partitionKeys().stream()
        .anyMatch(key -> name.startsWith(location.table() + " " + key + " "));
  }
}
