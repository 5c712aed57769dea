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
 * Counts the marks that {@link Write.Put#counting} has left, for the bound tenant. A mark is never
 * deleted, so an hour that has passed has the same count whenever it is asked for.
 */
public final class Marks {
  /** No collection's name starts with a dot, so no key of business code can be a mark. */
  private static final String COLLECTION = ".mark#";

  private static final DateTimeFormatter HOUR =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH").withZone(ZoneOffset.UTC);

  private final DynamoDbClient client;
  private final Placements placements;

  /** Counts with a client whose credentials are the bound tenant's too. */
  public Marks(DynamoDbClient client, Placements placements) {
    this.client = client;
    this.placements = placements;
  }

  /**
   * How many marks that meter has in the hour (UTC) that {@code instant} lies in. It sees every
   * write that was acknowledged before.
   *
   * @throws dev.partywall.http.Refused as {@code Unavailable} when DynamoDB can't serve it now
   */
  public long count(String meter, Instant instant) {
    var home = placements.homeOf(TenantContext.current().id());
    return home.partitionKeys().stream()
        .mapToLong(key -> count(home.table(), key, sortKeys(meter, instant)))
        .sum();
  }

  /** What the sort keys of all marks of a meter and an hour start with; the item's id follows. */
  static String sortKeys(String meter, Instant instant) {
    return COLLECTION + Key.requireLabel(meter) + "#" + HOUR.format(instant) + "#";
  }

  private long count(String table, String partitionKey, String start) {
    long count = 0;
    @Nullable Map<String, AttributeValue> position = null;
    do {
      var answer = read(table, partitionKey, start, position);
      count += answer.count();
      position = answer.lastEvaluatedKey();
    } while (!position.isEmpty());
    return count;
  }

  private QueryResponse read(
      String table,
      String partitionKey,
      String start,
      @Nullable Map<String, AttributeValue> position) {
    var request =
        QueryRequest.builder()
            .tableName(table)
            .keyConditionExpression("pk = :pk AND begins_with(sk, :start)")
            .expressionAttributeValues(
                Map.of(":pk", Attributes.text(partitionKey), ":start", Attributes.text(start)))
            .select(Select.COUNT)
            .consistentRead(true)
            .exclusiveStartKey(position)
            .build();
    return Calls.call("Query", table, () -> client.query(request));
  }
}
