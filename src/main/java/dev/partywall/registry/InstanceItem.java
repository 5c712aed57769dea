package dev.partywall.registry;

import dev.partywall.storage.Attributes;
import dev.partywall.tenancy.TenantId;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * The item of an instance.
 *
 * @param nonce changes each time the instance writes the item
 * @param applied the number of the latest change of the registry that the instance has applied
 * @param limited the tenants that the instance limits, with their requests of the last 4 s
 */
record InstanceItem(String id, String nonce, long applied, Map<TenantId, Long> limited) {
  static final String PARTITION = ".instances";
  static final String NONCE = "n";
  private static final String APPLIED = "s";
  private static final String LIMITED = "lim";

  private static final AttributeValue NO_TENANTS = AttributeValue.fromM(Map.of());

  /** Bounds the size of the item. */
  private static final int MAX_LIMITED = 100;

  /** Copies the map, which makes the record immutable. */
  InstanceItem {
    limited = Map.copyOf(limited);
  }

  static Map<String, AttributeValue> key(String id) {
    return Attributes.keyOf(PARTITION, id);
  }

  /** Returns the attributes, with the limited tenants that have the most requests. */
  Map<String, AttributeValue> attributes() {
    var item = new HashMap<>(Attributes.keyAndFormat(PARTITION, id));
    item.put(NONCE, Attributes.text(nonce));
    item.put(APPLIED, Attributes.number(applied));
    item.put(
        LIMITED,
        AttributeValue.fromM(
            limited.entrySet().stream()
                .sorted(Map.Entry.<TenantId, Long>comparingByValue(Comparator.reverseOrder()))
                .limit(MAX_LIMITED)
                .collect(
                    Collectors.toMap(
                        entry -> entry.getKey().value(),
                        entry -> Attributes.number(entry.getValue())))));
    return item;
  }

  /**
   * Returns the instance with these attributes.
   *
   * @throws IllegalStateException when a later release wrote the item in an unknown format
   */
  static InstanceItem read(Map<String, AttributeValue> item) {
    Attributes.requireKnownFormat(item);
    return new InstanceItem(
        Attributes.requiredText(item, Attributes.SORT_KEY),
        Attributes.requiredText(item, NONCE),
        Attributes.requiredNumber(item, APPLIED),
        item.getOrDefault(LIMITED, NO_TENANTS).m().entrySet().stream()
            .collect(
                Collectors.toMap(
                    entry -> new TenantId(entry.getKey()),
                    entry -> Long.parseLong(entry.getValue().n()))));
  }
}
