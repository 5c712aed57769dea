package dev.partywall.storage;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;

/**
 * Reads the items of a key range, newest first. Reads further pages on demand, because DynamoDB
 * limits a response to 1 MB. Skips expired items, which DynamoDB may delete only days later.
 */
final class RangeReader {
  private final DynamoDbClient client;
  private final QueryRequest request;
  private final Instant now;
  private final Deque<Item> buffer = new ArrayDeque<>();
  private @Nullable Map<String, AttributeValue> position;
  private boolean exhausted;

  RangeReader(DynamoDbClient client, KeyRange range, Instant now) {
    this.client = client;
    this.request = range.request();
    this.position = range.query().after().map(range::startKeyAfter).orElse(null);
    this.now = now;
  }

  /** Returns the next item without removing it; null at the end. */
  @Nullable Item peek() {
    while (buffer.isEmpty() && !exhausted) {
      readMore();
    }
    return buffer.peek();
  }

  /** Removes the next item and returns it. */
  Item next() {
    return buffer.remove();
  }

  private void readMore() {
    var next = position == null ? request : request.toBuilder().exclusiveStartKey(position).build();
    var response = client.query(next);
    response.items().stream()
        .map(Attributes::read)
        .filter(item -> !item.isExpired(now))
        .forEach(buffer::add);
    position = response.lastEvaluatedKey();
    exhausted = position.isEmpty();
  }
}
