package dev.partywall.storage;

import dev.partywall.tenancy.Placements;
import dev.partywall.tenancy.TenantContext;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.Select;

/**
 * Counts the marker items that {@link Write.Put#countedBy} has written for the bound tenant. A
 * marker has the hour in which its write started. Markers are never deleted, so the count of an
 * hour never decreases.
 */
public final class CountedWrites {
  /** Collection names never start with a dot, so no key of business code equals a marker's key. */
  private static final String COLLECTION = ".mark#";

  private static final DateTimeFormatter HOUR =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH").withZone(ZoneOffset.UTC);

  private final DynamoDbClient client;
  private final Placements placements;

  /**
   * Creates a counter.
   *
   * @param client a client with the bound tenant's credentials
   */
  public CountedWrites(DynamoDbClient client, Placements placements) {
    this.client = client;
    this.placements = placements;
  }

  /**
   * Returns the number of markers of a meter in the hour (UTC) that contains {@code instant}.
   * Includes every acknowledged write.
   *
   * @throws dev.partywall.error.ApiException with {@code Unavailable} when DynamoDB is unavailable
   */
  public long count(String meter, Instant instant) {
    var location = placements.locationOf(TenantContext.current().id());
    return location.partitionKeys().stream()
        .mapToLong(key -> count(location.table(), key, sortKeyPrefix(meter, instant)))
        .sum();
  }

  /** Returns the sort key prefix of a meter's markers in an hour. The item's id follows it. */
  static String sortKeyPrefix(String meter, Instant instant) {
    return COLLECTION + Key.requirePart(meter) + "#" + HOUR.format(instant) + "#";
  }

  private long count(String table, String partitionKey, String prefix) {
    long count = 0;
    @Nullable Map<String, AttributeValue> position = null;
    do {
      var response = read(table, partitionKey, prefix, position);
      count += response.count();
      position = response.lastEvaluatedKey();
    } while (!position.isEmpty());
    return count;
  }

  private QueryResponse read(
      String table,
      String partitionKey,
      String prefix,
      @Nullable Map<String, AttributeValue> position) {
    var request =
        QueryRequest.builder()
            .tableName(table)
            .keyConditionExpression("pk = :pk AND begins_with(sk, :start)")
            .expressionAttributeValues(
                Map.of(":pk", Attributes.text(partitionKey), ":start", Attributes.text(prefix)))
            .select(Select.COUNT)
            .consistentRead(true)
            .exclusiveStartKey(position)
            .build();
    return client.query(request);
  }
}
