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
 * The items of a section, newest first. It reads on when it has to, since DynamoDB ends an answer
 * at 1 MB, and skips what has expired, which DynamoDB may take days to delete.
 */
final class Run {
  private final DynamoDbClient client;
  private final QueryRequest request;
  private final Instant now;
  private final Deque<Item> ahead = new ArrayDeque<>();
  private @Nullable Map<String, AttributeValue> position;
  private boolean ended;

  Run(DynamoDbClient client, Section section, Instant now) {
    this.client = client;
    this.request = section.request();
    this.position = section.query().after().map(section::behind).orElse(null);
    this.now = now;
  }

  /** The newest item that has not been taken; null at the end. */
  @Nullable Item head() {
    while (ahead.isEmpty() && !ended) {
      readOn();
    }
    return ahead.peek();
  }

  /** Takes the head. */
  Item take() {
    return ahead.remove();
  }

  private void readOn() {
    var next = position == null ? request : request.toBuilder().exclusiveStartKey(position).build();
    var answer = Calls.call("Query", request.tableName(), () -> client.query(next));
    answer.items().stream()
        .map(Attributes::read)
        .filter(item -> !item.isExpired(now))
        .forEach(ahead::add);
    position = answer.lastEvaluatedKey();
    ended = position.isEmpty();
  }
}
