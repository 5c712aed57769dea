package dev.partywall.attack;

import dev.partywall.tenancy.Home;
import java.util.HashMap;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * All that lies in the tables, read past every wall.
 *
 * @param items by table, partition key and sort key
 */
record Inventory(Map<String, Map<String, AttributeValue>> items) {
  static Inventory of(House house) {
    var items = new HashMap<String, Map<String, AttributeValue>>();
    try (var engine = house.dynamo().client()) {
      house.placements().tables().forEach(table -> take(engine, table, items));
    }
    return new Inventory(Map.copyOf(items));
  }

  private static void take(
      DynamoDbClient engine, String table, Map<String, Map<String, AttributeValue>> items) {
    engine
        .scanPaginator(it -> it.tableName(table))
        .items()
        .forEach(item -> items.put(name(table, item), item));
  }

  private static String name(String table, Map<String, AttributeValue> item) {
    return table + " " + item.get("pk").s() + " " + item.get("sk").s();
  }

  /**
   * Notes whatever of this is not as it was, and whatever lies there now that is not its owner's.
   */
  void compare(Inventory now, House house, Findings findings) {
    items.forEach((name, item) -> {
      if (!item.equals(now.items().get(name))) {
        findings.breach("was touched: " + name);
      }
    });
    for (var resident : house.residents()) {
      now.items()
          .forEach((name, item) -> {
            if (isAt(resident.home(), name)) {
              findings.seen(
                  name, house.canaries().foreignStrings(item.toString(), resident.name()));
            }
          });
    }
  }

  /** Whether each item lies in the home of one resident. */
  long strays(House house) {
    return items.keySet().stream()
        .filter(name -> house.residents().stream().noneMatch(it -> isAt(it.home(), name)))
        .count();
  }

  private static boolean isAt(Home home, String name) {
    return home.partitionKeys().stream()
        .anyMatch(key -> name.startsWith(home.table() + " " + key + " "));
  }
}
