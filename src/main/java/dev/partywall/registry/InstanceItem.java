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
 * @param others the same for tenants that only other instances limit
 */
record InstanceItem(
    String id,
    String nonce,
    long applied,
    Map<TenantId, Long> limited,
    Map<TenantId, Long> others) {
  static final String PARTITION = ".instances";
  static final String NONCE = "n";
  private static final String APPLIED = "s";
  private static final String LIMITED = "lim";
  private static final String OTHERS = "oth";

  private static final AttributeValue NO_TENANTS = AttributeValue.fromM(Map.of());

  /** Bounds the size of the item. */
  private static final int MAX_TENANTS = 100;

  /** Copies the maps, which makes the record immutable. */
  InstanceItem {
    limited = Map.copyOf(limited);
    others = Map.copyOf(others);
  }

  static Map<String, AttributeValue> key(String id) {
    return Attributes.keyOf(PARTITION, id);
  }

  /** Returns the attributes, with the tenants of each map that have the most requests. */
  Map<String, AttributeValue> attributes() {
    var item = new HashMap<>(Attributes.keyAndFormat(PARTITION, id));
    item.put(NONCE, Attributes.text(nonce));
    item.put(APPLIED, Attributes.number(applied));
    item.put(LIMITED, attribute(limited));
    item.put(OTHERS, attribute(others));
    return item;
  }

  private static AttributeValue attribute(Map<TenantId, Long> requests) {
    return AttributeValue.fromM(
        requests.entrySet().stream()
            .sorted(Map.Entry.<TenantId, Long>comparingByValue(Comparator.reverseOrder()))
            .limit(MAX_TENANTS)
            .collect(
                Collectors.toMap(
                    entry -> entry.getKey().value(),
                    entry -> Attributes.number(entry.getValue()))));
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
        requests(item.getOrDefault(LIMITED, NO_TENANTS)),
        requests(item.getOrDefault(OTHERS, NO_TENANTS)));
  }

  private static Map<TenantId, Long> requests(AttributeValue attribute) {
    return attribute.m().entrySet().stream()
        .collect(
            Collectors.toMap(
                entry -> new TenantId(entry.getKey()),
                entry -> Long.parseLong(entry.getValue().n())));
  }
}
