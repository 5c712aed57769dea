package dev.partywall.attack;

import dev.partywall.tenancy.Home;
import java.util.HashMap;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * A snapshot of all items, read directly from the engine without access control.
 *
 * @param items the items by table, partition key and sort key
 */
record Inventory(Map<String, Map<String, AttributeValue>> items) {
  static Inventory of(House fixture) {
    var items = new HashMap<String, Map<String, AttributeValue>>();
    try (var engine = fixture.dynamo().client()) {
      fixture.placements().tables().forEach(table -> scan(engine, table, items));
    }
    return new Inventory(Map.copyOf(items));
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
  void compare(Inventory now, House fixture, Findings findings) {
    items.forEach((name, item) -> {
      if (!item.equals(now.items().get(name))) {
        findings.breach("item changed or deleted: " + name);
      }
    });
    for (var tenant : fixture.residents()) {
      now.items()
          .forEach((name, item) -> {
            if (isAt(tenant.home(), name)) {
              findings.seen(
                  name, fixture.canaries().foreignStrings(item.toString(), tenant.name()));
            }
          });
    }
  }

  /** Returns the number of items outside the locations of all tenants. */
  long strays(House fixture) {
    return items.keySet().stream()
        .filter(name -> fixture.residents().stream().noneMatch(tenant -> isAt(tenant.home(), name)))
        .count();
  }

  private static boolean isAt(Home location, String name) {
    return location.partitionKeys().stream()
        .anyMatch(key -> name.startsWith(location.table() + " " + key + " "));
  }
}
