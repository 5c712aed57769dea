package dev.partywall.operations.offboarding;

import dev.partywall.storage.Attributes;
import dev.partywall.tenancy.TenantLocation;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Gatherers;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/** Stores items of a tenant in batches, without the product's code. */
record SampleItems(DynamoDbClient client, TenantLocation location) {
  private static final int MAX_BATCH = 25;
  private static final int THREADS = 4;

  /** Stores orders with index keys, notes, count marks of one hour, and items with an expiry. */
  void store(int orders, int notes, int marks, int expiring) {
    var items =
        Stream.of(
                items("order", "o-", orders).map(SampleItems::withIndexKeys),
                items("note", "n-", notes),
                items(".mark#ordersPlaced#" + OffboardingFixture.HOUR, "o-", marks),
                items("idempotency", "k-", expiring).map(SampleItems::withExpiry))
            .flatMap(Function.identity());
    var batches =
        items
            .gather(Gatherers.windowFixed(MAX_BATCH))
            .gather(Gatherers.mapConcurrent(THREADS, this::put))
            .toList();
    if (batches.stream().anyMatch(isComplete -> !isComplete)) {
      throw new IllegalStateException("some items are not stored");
    }
  }

  private Stream<Map<String, AttributeValue>> items(String collection, String idPrefix, int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> item(collection, idPrefix + "%07d".formatted(i)));
  }

  private static Map<String, AttributeValue> withIndexKeys(Map<String, AttributeValue> order) {
    var indexed = new HashMap<>(order);
    var sortKey = Attributes.requiredText(order, "sk");
    indexed.put("i1", AttributeValue.fromS("order#placed#" + sortKey));
    indexed.put("i2", AttributeValue.fromS("order#u-17#" + sortKey));
    return indexed;
  }

  private static Map<String, AttributeValue> withExpiry(Map<String, AttributeValue> item) {
    var expiring = new HashMap<>(item);
    expiring.put("ttl", AttributeValue.fromN("1796000000"));
    return expiring;
  }

  private Map<String, AttributeValue> item(String collection, String id) {
    return Map.of(
        "pk", AttributeValue.fromS(location.partitionKeyOf(id)),
        "sk", AttributeValue.fromS(collection + "#" + id),
        "f", AttributeValue.fromN("1"),
        "v", AttributeValue.fromN("1"),
        "doc", AttributeValue.fromS("{}"));
  }

  /** Returns whether all items of a batch are stored. */
  private boolean put(List<Map<String, AttributeValue>> items) {
    var writes =
        items.stream()
            .map(item -> WriteRequest.builder().putRequest(put -> put.item(item)).build())
            .toList();
    return client
        .batchWriteItem(batch -> batch.requestItems(Map.of(location.table(), writes)))
        .unprocessedItems()
        .isEmpty();
  }
}
