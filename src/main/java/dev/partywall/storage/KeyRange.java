package dev.partywall.storage;

import dev.partywall.tenancy.TenantLocation;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;

/**
 * A contiguous, ordered range of a query's items: one partition key, and for an index one index
 * key.
 */
record KeyRange(
    TenantLocation location, String partitionKey, Query query, Optional<String> indexKey) {
  /** Returns a query's ranges, in the index key order that {@link TenantTable#query} specifies. */
  static List<KeyRange> of(TenantLocation location, Query query) {
    var indexKeys = query.indexKeys().stream().map(Optional::of);
    return (query.index() == Index.PRIMARY ? Stream.of(Optional.<String>empty()) : indexKeys)
        .flatMap(indexKey ->
            location.partitionKeys().stream()
                .map(key -> new KeyRange(location, key, query, indexKey)))
        .toList();
  }

  /**
   * Returns a request that reads the newest items first. One item beyond the limit shows whether a
   * next page exists. The projection omits index keys: in a page of small items they are a third of
   * the response.
   */
  QueryRequest request() {
    var request =
        QueryRequest.builder()
            .tableName(location.table())
            .keyConditionExpression("pk = :pk AND begins_with(#sort, :start)")
            .projectionExpression(Attributes.PROJECTION)
            .expressionAttributeNames(Map.of("#sort", sortAttribute(), "#ttl", Attributes.EXPIRY))
            .expressionAttributeValues(
                Map.of(
                    ":pk", Attributes.text(partitionKey),
                    ":start", Attributes.text(prefix())))
            .scanIndexForward(false)
            .limit(query.limit() + 1);
    if (query.index() == Index.PRIMARY) {
      return request.consistentRead(true).build();
    }
    return request.indexName(Schema.indexName(sortAttribute())).build();
  }

  /**
   * Returns the start key for reading after that id. DynamoDB accepts any key as a start key, even
   * that of a deleted item or of another range. A page position therefore needs only an id.
   */
  Map<String, AttributeValue> startKeyAfter(String id) {
    var key = new Key(query.collection(), id);
    var start = location.sortKeyPrefix();
    var position = new HashMap<>(Attributes.keyOf(partitionKey, start + key.sortKey()));
    indexKey.ifPresent(
        value -> position.put(sortAttribute(), Attributes.text(start + key.indexSortKey(value))));
    return position;
  }

  private String sortAttribute() {
    return switch (query.index()) {
      case PRIMARY -> Attributes.SORT_KEY;
      case I1 -> Attributes.I1;
      case I2 -> Attributes.I2;
    };
  }

  private String prefix() {
    var collection = location.sortKeyPrefix() + query.collection() + "#";
    return indexKey.map(value -> collection + value + "#").orElse(collection);
  }
}
