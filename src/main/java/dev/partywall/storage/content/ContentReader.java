package dev.partywall.storage.content;

import dev.partywall.error.ApiException;
import dev.partywall.storage.Attributes;
import dev.partywall.tenancy.TenantLocation;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;

/**
 * Reads all items of business code in a tenant's location, in the order of their sort keys. It
 * queries the whole partitions, so it finds the items of every collection. It skips the kernel's
 * items, whose sort keys start with a dot, the items of other revisions, and the items with an
 * expiry. Of a later revision, it queries all sort keys with its prefix. Each read is consistent.
 *
 * <p>It keeps about a page of items for each partition in memory.
 */
public final class ContentReader {
  /**
   * The items of a page, over all partitions. A virtual thread keeps its processor while it decodes
   * a response, and requests wait: about 1 ms for 100 orders, and 5 ms for 500.
   */
  private static final int PAGE_ITEMS = 100;

  private static final int MIN_PAGE_ITEMS = 10;

  /** All sort keys, except for those of the kernel's items and of later revisions. */
  private static final List<SortKeys> FIRST_REVISION =
      List.of(
          new SortKeys("sk < :bound", "."),
          new SortKeys("sk >= :bound", FirstKeys.AFTER_REVISIONS));

  /** A range of sort keys. */
  private record SortKeys(String condition, String bound) {}

  private final DynamoDbClient client;
  private final String table;
  private final ReadPace pace;
  private final int limit;
  private final List<SortKeys> ranges;
  private final Deque<String> unread;
  private final PriorityQueue<Partition> partitions =
      new PriorityQueue<>(Comparator.comparing(Partition::head));

  /**
   * Creates a reader that has read nothing yet.
   *
   * @param client a client with credentials for the location
   */
  public ContentReader(DynamoDbClient client, TenantLocation location, ReadPace pace) {
    this.client = client;
    this.table = location.table();
    this.pace = pace;
    this.ranges = ranges(location);
    this.limit = Math.max(MIN_PAGE_ITEMS, PAGE_ITEMS / location.partitionKeys().size());
    this.unread = new ArrayDeque<>(location.partitionKeys());
  }

  /**
   * Returns whether a location has any item, also of the kernel or of another revision. The read is
   * consistent.
   */
  public static boolean hasItems(DynamoDbClient client, TenantLocation location) {
    return location.partitionKeys().stream()
        .map(key ->
            QueryRequest.builder()
                .tableName(location.table())
                .keyConditionExpression("pk = :pk")
                .expressionAttributeValues(Map.of(":pk", Attributes.text(key)))
                .limit(1)
                .consistentRead(true)
                .build())
        .anyMatch(query -> client.query(query).count() > 0);
  }

  private static List<SortKeys> ranges(TenantLocation location) {
    return location.contentRevision() == TenantLocation.FIRST_REVISION
        ? FIRST_REVISION
        : List.of(new SortKeys("begins_with(sk, :bound)", location.sortKeyPrefix()));
  }

  /**
   * Returns the next item; null after the last one.
   *
   * @throws ApiException as {@code Unavailable} if a page cannot be read, and the pace ends the
   *     reading
   * @throws IllegalStateException if an item has a format unknown to this release
   */
  public @Nullable StoredItem next() {
    while (!unread.isEmpty()) {
      enqueue(new Partition(unread.remove()));
    }
    var partition = partitions.poll();
    if (partition == null) {
      return null;
    }
    var item = partition.remove();
    enqueue(partition);
    return item;
  }

  private void enqueue(Partition partition) {
    if (partition.fill()) {
      partitions.add(partition);
    }
  }

  private QueryResponse query(QueryRequest request) {
    while (true) {
      pace.await();
      try {
        var response = client.query(request);
        pace.succeeded();
        return response;
      } catch (ApiException e) {
        pace.failed(e);
      }
    }
  }

  /** One partition of the tenant. */
  private final class Partition {
    private final String key;
    private final Deque<StoredItem> items = new ArrayDeque<>();
    private int range;
    private @Nullable Map<String, AttributeValue> position;

    Partition(String key) {
      this.key = key;
    }

    /** Returns the sort key of the next item. */
    String head() {
      var next = items.element().key();
      return next.collection() + "#" + next.id();
    }

    StoredItem remove() {
      return items.remove();
    }

    /** Reads until an item is in memory. Returns false at the end. */
    boolean fill() {
      while (items.isEmpty() && range < ranges.size()) {
        readPage();
      }
      return !items.isEmpty();
    }

    private void readPage() {
      var response = query(request());
      response.items().stream()
          .filter(item -> !StoredItem.isExpiring(item))
          .map(StoredItem::read)
          .forEach(items::add);
      position = response.lastEvaluatedKey().isEmpty() ? null : response.lastEvaluatedKey();
      if (position == null) {
        range++;
      }
    }

    private QueryRequest request() {
      var keys = ranges.get(range);
      var request =
          QueryRequest.builder()
              .tableName(table)
              .keyConditionExpression("pk = :pk AND " + keys.condition())
              .expressionAttributeValues(
                  Map.of(":pk", Attributes.text(key), ":bound", Attributes.text(keys.bound())))
              .limit(limit)
              .consistentRead(true);
      return position == null ? request.build() : request.exclusiveStartKey(position).build();
    }
  }
}
