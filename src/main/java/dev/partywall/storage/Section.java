package dev.partywall.storage;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;

/**
 * A part of what a query asks for that lies in one piece and in order: under one partition key, and
 * in an index under one label.
 */
record Section(String table, String partitionKey, Query query, Optional<String> label) {
  /** All of a query's sections; label by label, as {@link TenantTable#query} promises. */
  static List<Section> of(String table, List<String> partitionKeys, Query query) {
    var labels = query.labels().stream().map(Optional::of);
    return (query.index() == Index.PRIMARY ? Stream.of(Optional.<String>empty()) : labels)
        .flatMap(label -> partitionKeys.stream().map(key -> new Section(table, key, query, label)))
        .toList();
  }

  /**
   * Reads from the newest on; one more than is wanted shows whether there is a next page. Keys of
   * the indexes are not asked for: for a page of small items they are a third of the answer.
   */
  QueryRequest request() {
    var request =
        QueryRequest.builder()
            .tableName(table)
            .keyConditionExpression("pk = :pk AND begins_with(#sort, :start)")
            .projectionExpression(Attributes.WHAT_IS_READ)
            .expressionAttributeNames(Map.of("#sort", sortAttribute(), "#ttl", Attributes.EXPIRY))
            .expressionAttributeValues(
                Map.of(
                    ":pk", Attributes.text(partitionKey),
                    ":start", Attributes.text(start())))
            .scanIndexForward(false)
            .limit(query.limit() + 1);
    if (query.index() == Index.PRIMARY) {
      return request.consistentRead(true).build();
    }
    return request.indexName(Schema.indexBy(sortAttribute())).build();
  }

  /**
   * Where reading goes on behind that id. DynamoDB takes any key as a starting point, also that of
   * an item which is gone, or lies in another section; so a page needs no more than an id.
   */
  Map<String, AttributeValue> behind(String id) {
    var key = new Key(query.collection(), id);
    var position = new HashMap<>(Attributes.keyOf(partitionKey, key.sortKey()));
    label.ifPresent(it -> position.put(sortAttribute(), Attributes.text(key.sortKeyUnder(it))));
    return position;
  }

  private String sortAttribute() {
    return switch (query.index()) {
      case PRIMARY -> Attributes.SORT_KEY;
      case FIRST -> Attributes.FIRST;
      case SECOND -> Attributes.SECOND;
    };
  }

  private String start() {
    return label.map(it -> query.collection() + "#" + it + "#").orElse(query.collection() + "#");
  }
}
