package dev.partywall.storage.content;

import dev.partywall.storage.Attributes;
import dev.partywall.storage.Key;
import dev.partywall.tenancy.TenantContext;
import dev.partywall.tenancy.TenantLocation;
import dev.partywall.tenancy.TenantLocations;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.Put;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;

/**
 * Writes and deletes the bound tenant's items, in pages. A page is one transaction with the
 * progress of the operation, so its effect and the progress always agree.
 *
 * <p>The methods that write a page return the progress after it. They return empty if a condition
 * has failed and nothing was changed: another owner has written its fence, or an item exists.
 *
 * @param client a client with the bound tenant's credentials
 * @param revision the revision of the content to which the items belong
 */
public record ContentPages(
    DynamoDbClient client,
    TenantLocations locations,
    ProgressItem progress,
    ImportParts parts,
    int revision) {
  /** The maximum number of items of a page. */
  public static final int MAX_ITEMS = FirstKeys.MAX_KEYS;

  /** The maximum size of the documents of a page. A transaction has at most 4 MB. */
  public static final int MAX_BYTES = 2 << 20;

  /** Chunks have at most 350 KB each. */
  private static final int MAX_CHUNKS = 8;

  /** Returns a page writer with this client, for a revision of the content. */
  public static ContentPages of(
      DynamoDbClient client, TenantLocations locations, ImportParts parts, int revision) {
    return new ContentPages(
        client, locations, new ProgressItem(client, locations), parts, revision);
  }

  /** Inserts items that do not exist yet. */
  public Optional<OperationProgress> insert(
      List<StoredItem> items, OperationProgress before, OperationProgress after) {
    var location = location();
    return write(items.stream().map(item -> insertion(location, item)), before, after);
  }

  private static TransactWriteItem insertion(TenantLocation location, StoredItem item) {
    var put =
        Put.builder()
            .tableName(location.table())
            .item(item.attributes(location))
            .conditionExpression("attribute_not_exists(pk)")
            .build();
    return TransactWriteItem.builder().put(put).build();
  }

  /** Deletes the items with these keys, whether or not they exist. */
  public Optional<OperationProgress> delete(
      List<Key> keys, OperationProgress before, OperationProgress after) {
    var location = location();
    var deletions =
        keys.stream().map(key -> ImportParts.delete(location, Attributes.keyOf(location, key)));
    return write(deletions, before, after);
  }

  /** Stores this revision as that of the tenant's content, beside the items. */
  public Optional<OperationProgress> storeRevision(OperationProgress before) {
    var item = new RevisionItem(client, location()).put(revision);
    return write(Stream.of(item), before, before.next(Map.of()));
  }

  /**
   * Deletes some items of business code, or of their requests, which expire. It keeps the kernel's
   * items, such as marks, and other revisions.
   *
   * @return the same progress if no such item is left
   */
  public Optional<OperationProgress> deleteContent(OperationProgress before) {
    return deleteSome(contentKeys(), before);
  }

  /**
   * Deletes some items of the parts of imports.
   *
   * @return the same progress if none is left
   */
  public Optional<OperationProgress> deleteParts(OperationProgress before) {
    return deleteSome(parts.someKeys(MAX_CHUNKS), before);
  }

  private Optional<OperationProgress> deleteSome(
      List<Map<String, AttributeValue>> keys, OperationProgress before) {
    if (keys.isEmpty()) {
      return Optional.of(before);
    }
    var location = location();
    return write(
        keys.stream().map(key -> ImportParts.delete(location, key)), before, before.next(Map.of()));
  }

  /** The repetition of a page whose response was lost finds the progress after it. */
  private Optional<OperationProgress> write(
      Stream<TransactWriteItem> items, OperationProgress before, OperationProgress after) {
    var writes = new ArrayList<TransactWriteItem>();
    writes.add(progress.replace(before, after));
    items.forEach(writes::add);
    return Pages.isWritten(client, writes) || progress.find().filter(after::equals).isPresent()
        ? Optional.of(after)
        : Optional.empty();
  }

  private List<Map<String, AttributeValue>> contentKeys() {
    var firstKeys = new FirstKeys(client, locations);
    var location = location();
    for (var partition : location.partitionKeys()) {
      var keys = firstKeys.ofContent(partition, location);
      if (!keys.isEmpty()) {
        return keys.stream()
            .map(key -> Attributes.keyOf(key.partitionKey(), key.sortKey()))
            .toList();
      }
    }
    return List.of();
  }

  private TenantLocation location() {
    return locations.of(TenantContext.current()).withContentRevision(revision);
  }
}
