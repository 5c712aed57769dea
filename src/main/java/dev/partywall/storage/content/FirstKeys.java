package dev.partywall.storage.content;

import dev.partywall.storage.Attributes;
import dev.partywall.tenancy.TenantContext;
import dev.partywall.tenancy.TenantLocation;
import dev.partywall.tenancy.TenantLocations;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;

/**
 * Reads the first keys of a partition of the bound tenant, without the progress of an operation.
 * Deletions repeat this until it returns none. Each read is consistent.
 *
 * @param client a client with the bound tenant's credentials
 */
record FirstKeys(DynamoDbClient client, TenantLocations locations) {
  /** The progress needs one action of a transaction, and one remains free. */
  static final int MAX_KEYS = Pages.MAX_ACTIONS - 2;

  /** The sort keys of the kernel's items start with a dot, and the slash is the next character. */
  static final String AFTER_KERNEL_ITEMS = "/";

  /**
   * The sort keys of later revisions start with a digit, and the colon follows the digits. A
   * collection starts with a letter.
   */
  static final String AFTER_REVISIONS = ":";

  private static final Map<String, String> NAMES = Map.of("#ttl", Attributes.EXPIRY);

  /** Returns the first keys of all items of a partition. */
  List<StoredKey> ofAll(String partition) {
    return read(partition, "pk = :pk", Map.of(":pk", Attributes.text(partition)));
  }

  /**
   * Returns the first keys of the items of business code, and of the records of its requests, in
   * one revision of the content.
   */
  List<StoredKey> ofContent(String partition, TenantLocation revision) {
    var isFirst = revision.contentRevision() == TenantLocation.FIRST_REVISION;
    var from = isFirst ? AFTER_REVISIONS : revision.sortKeyPrefix();
    return read(
        partition,
        isFirst ? "pk = :pk AND sk >= :from" : "pk = :pk AND begins_with(sk, :from)",
        Map.of(":pk", Attributes.text(partition), ":from", Attributes.text(from)));
  }

  /**
   * All keys are of one response, so their items have at most 1 MB together, and a transaction may
   * have 4 MB.
   */
  private List<StoredKey> read(
      String partition, String condition, Map<String, AttributeValue> values) {
    Map<String, AttributeValue> position = Map.of();
    do {
      var response = client.query(query(condition, values, position.isEmpty() ? null : position));
      var keys =
          response.items().stream()
              .map(item -> StoredKey.of(partition, item))
              .filter(key -> !key.isProgress())
              .limit(MAX_KEYS)
              .toList();
      if (!keys.isEmpty()) {
        return keys;
      }
      position = response.lastEvaluatedKey();
    } while (!position.isEmpty());
    return List.of();
  }

  private QueryRequest query(
      String condition,
      Map<String, AttributeValue> values,
      @Nullable Map<String, AttributeValue> position) {
    return QueryRequest.builder()
        .tableName(location().table())
        .keyConditionExpression(condition)
        .expressionAttributeValues(values)
        .consistentRead(true)
        .limit(MAX_KEYS + 1) // with the progress
        .projectionExpression("sk, #ttl")
        .expressionAttributeNames(NAMES)
        .exclusiveStartKey(position)
        .build();
  }

  private TenantLocation location() {
    return locations.of(TenantContext.current());
  }
}
