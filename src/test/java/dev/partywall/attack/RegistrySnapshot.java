package dev.partywall.attack;

import dev.partywall.storage.Attributes;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * A snapshot of the registry of tenants, read directly from the engine without access control.
 *
 * @param items the items by partition and sort key, without those of the running instances, which
 *     change every 2 s
 */
record RegistrySnapshot(Map<String, Map<String, AttributeValue>> items) {
  private static final String INSTANCES = ".instances";

  static RegistrySnapshot take(AttackFixture fixture) {
    var items = new HashMap<String, Map<String, AttributeValue>>();
    try (var engine = fixture.dynamo().client()) {
      engine
          .scanPaginator(scan -> scan.tableName(fixture.prefix() + "tenants").consistentRead(true))
          .items()
          .forEach(item ->
              items.put(
                  Attributes.requiredText(item, "pk") + " " + Attributes.requiredText(item, "sk"),
                  item));
    }
    items.keySet().removeIf(name -> name.startsWith(INSTANCES));
    return new RegistrySnapshot(Map.copyOf(items));
  }

  /** Reports each item that was added, changed or deleted since this snapshot. */
  void compare(RegistrySnapshot now, Findings findings) {
    var names = new HashSet<>(items.keySet());
    names.addAll(now.items().keySet());
    for (var name : names) {
      if (items.get(name) == null || !items.get(name).equals(now.items().get(name))) {
        findings.report("registry item added, changed or deleted: " + name);
      }
    }
  }
}
