package dev.partywall.storage.content;

import dev.partywall.storage.Attributes;
import dev.partywall.tenancy.TenantLocation;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.Put;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;

/**
 * The item {@code .content} in a tenant's partition: the revision of its content. The registry has
 * the revision that requests read; it follows this item while the tenant is not served. A table
 * that was restored from a backup has the item of the time of the backup.
 *
 * @param client a client with credentials for the location
 */
public record RevisionItem(DynamoDbClient client, TenantLocation location) {
  private static final String SORT_KEY = ".content";
  private static final String REVISION = "rev";

  /** Returns the stored revision; without the item, no import has replaced the content. */
  public int find() {
    return Optional.of(
            client
                .getItem(get -> get.tableName(location.table()).key(key()).consistentRead(true))
                .item())
        .filter(item -> !item.isEmpty())
        .map(RevisionItem::read)
        .orElse(TenantLocation.FIRST_REVISION);
  }

  private static int read(Map<String, AttributeValue> item) {
    Attributes.requireKnownFormat(item);
    return (int) Attributes.requiredNumber(item, REVISION);
  }

  /** Returns the write that stores a revision. */
  TransactWriteItem put(int revision) {
    var item = Attributes.keyAndFormat(location.partitionKeys().getFirst(), SORT_KEY);
    item.put(REVISION, Attributes.number(revision));
    var put = Put.builder().tableName(location.table()).item(item).build();
    return TransactWriteItem.builder().put(put).build();
  }

  /** A sharded tenant has the item in its first partition. */
  private Map<String, AttributeValue> key() {
    return Attributes.keyOf(location.partitionKeys().getFirst(), SORT_KEY);
  }
}
