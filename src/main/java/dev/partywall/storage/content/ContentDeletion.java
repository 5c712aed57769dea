package dev.partywall.storage.content;

import dev.partywall.storage.Attributes;
import dev.partywall.tenancy.TenantContext;
import dev.partywall.tenancy.TenantLocation;
import dev.partywall.tenancy.TenantLocations;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.Delete;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;

/**
 * Deletes all items of the bound tenant except the progress of its operation, in pages. A page
 * deletes the first items of a partition, in the order of their keys, so no position is stored. One
 * transaction deletes the items and counts them in the progress: an end of the process at any point
 * loses no count and adds none twice.
 *
 * <p>Every method throws {@link dev.partywall.error.ApiException} as {@code Unavailable} if
 * DynamoDB is unavailable. The result of a page is then unknown, until the progress is read again.
 *
 * @param client a client with the bound tenant's credentials
 */
public record ContentDeletion(DynamoDbClient client, TenantLocations locations) {
  private static final Map<String, String> NAMES = Map.of("#ttl", Attributes.EXPIRY);

  /** The result of a page. */
  public sealed interface Result {
    /** The items of the page are deleted. */
    record Deleted(OperationProgress progress, DeletedItems items) implements Result {}

    /** A condition has failed: another owner, or a changed item. Nothing is deleted. */
    record Rejected() implements Result {}

    /** No item is left, except the progress. */
    record Empty() implements Result {}
  }

  /**
   * Deletes the next page.
   *
   * @param progress the current progress of the operation
   * @param deleted the items that are deleted until now
   */
  public Result deletePage(OperationProgress progress, DeletedItems deleted) {
    var location = location();
    var firstKeys = new FirstKeys(client, locations);
    for (var i = deleted.partition(); i < location.partitionKeys().size(); i++) {
      var page = firstKeys.ofAll(location.partitionKeys().get(i));
      if (!page.isEmpty()) {
        return delete(page, progress, deleted.inPartition(i));
      }
    }
    return new Result.Empty();
  }

  /** Returns whether no item is left, and no progress. The read is consistent. */
  public boolean isEmpty() {
    return isEmpty(query -> query.consistentRead(true));
  }

  /** Returns whether an index contains no item. The read is eventually consistent. */
  public boolean isEmpty(String index) {
    return isEmpty(query -> query.indexName(index));
  }

  private boolean isEmpty(UnaryOperator<QueryRequest.Builder> kind) {
    var location = location();
    return location.partitionKeys().stream()
        .map(key -> client.query(kind.apply(query(location, key)).limit(1).build()))
        .allMatch(response -> response.count() == 0);
  }

  private TenantLocation location() {
    return locations.of(TenantContext.current());
  }

  private Result delete(List<StoredKey> page, OperationProgress before, DeletedItems deleted) {
    var items = deleted.plus(page);
    var after = before.next(items.values());
    var writes = new ArrayList<TransactWriteItem>();
    writes.add(new ProgressItem(client, locations).replace(before, after));
    page.forEach(key -> writes.add(deletion(key)));
    return Pages.isWritten(client, writes)
        ? new Result.Deleted(after, items)
        : new Result.Rejected();
  }

  /** The condition keeps the counts exact if DynamoDB has deleted an expired item meanwhile. */
  private TransactWriteItem deletion(StoredKey key) {
    var condition = key.expiring() ? "attribute_exists(#ttl)" : "attribute_not_exists(#ttl)";
    var delete =
        Delete.builder()
            .tableName(location().table())
            .key(Attributes.keyOf(key.partitionKey(), key.sortKey()))
            .conditionExpression("attribute_exists(pk) AND " + condition)
            .expressionAttributeNames(NAMES)
            .build();
    return TransactWriteItem.builder().delete(delete).build();
  }

  private static QueryRequest.Builder query(TenantLocation location, String partitionKey) {
    return QueryRequest.builder()
        .tableName(location.table())
        .keyConditionExpression("pk = :pk")
        .expressionAttributeValues(Map.of(":pk", Attributes.text(partitionKey)));
  }
}
