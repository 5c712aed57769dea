package dev.partywall.storage.content;

import dev.partywall.storage.Attributes;
import dev.partywall.tenancy.TenantContext;
import dev.partywall.tenancy.TenantLocations;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;

/**
 * Searches the bound tenant's partitions for an item that does not expire, one page at a time.
 * Marks count, and the items of operations do not. It searches the marks of all partitions first:
 * they never expire, so the first page decides. Each read is consistent. One thread uses it.
 */
public final class ItemSearch {
  /**
   * The items that a page reads, with those that expire. A response of DynamoDB has at most 1 MB.
   */
  private static final int PAGE_ITEMS = 500;

  private static final String MARKS = ".mark#";

  private final DynamoDbClient client;
  private final String table;
  private final Deque<Range> unread = new ArrayDeque<>();
  private Map<String, AttributeValue> position = Map.of();
  private int furtherPages;

  /** The state of a search. */
  public enum Result {
    /** An item is found. */
    FOUND,
    /** No item exists. */
    NONE,
    /** A further page must be read. */
    UNKNOWN
  }

  /** A range of sort keys of a partition. */
  private record Range(String partition, String condition, String from) {}

  /**
   * Creates a search that has read nothing yet.
   *
   * @param client a client with the bound tenant's credentials
   */
  public ItemSearch(DynamoDbClient client, TenantLocations locations) {
    var location = locations.of(TenantContext.current());
    this.client = client;
    this.table = location.table();
    var partitions = location.partitionKeys();
    partitions.forEach(key -> unread.add(new Range(key, "begins_with(sk, :from)", MARKS)));
    partitions.forEach(
        key -> unread.add(new Range(key, "sk >= :from", FirstKeys.AFTER_KERNEL_ITEMS)));
  }

  /** Reads the next page. After a failure, the next call reads the same page. */
  public Result next() {
    if (unread.isEmpty()) {
      return Result.NONE;
    }
    var response = client.query(query(unread.getFirst()));
    if (response.count() > 0) {
      return Result.FOUND;
    }
    advance(response);
    return unread.isEmpty() ? Result.NONE : Result.UNKNOWN;
  }

  private void advance(QueryResponse response) {
    position = response.lastEvaluatedKey();
    if (position.isEmpty()) {
      unread.removeFirst();
    } else {
      furtherPages++;
    }
  }

  /** Returns the number of pages that contained only items that expire, and had a successor. */
  public int furtherPages() {
    return furtherPages;
  }

  private QueryRequest query(Range range) {
    return QueryRequest.builder()
        .tableName(table)
        .keyConditionExpression("pk = :pk AND " + range.condition())
        .filterExpression("attribute_not_exists(#ttl)")
        .projectionExpression("pk, sk")
        .expressionAttributeNames(Map.of("#ttl", Attributes.EXPIRY))
        .expressionAttributeValues(
            Map.of(
                ":pk", Attributes.text(range.partition()), ":from", Attributes.text(range.from())))
        .limit(PAGE_ITEMS)
        .exclusiveStartKey(position.isEmpty() ? null : position)
        .consistentRead(true)
        .build();
  }
}
