package dev.partywall.storage.content;

import dev.partywall.storage.Attributes;
import dev.partywall.storage.IndexKeys;
import dev.partywall.storage.Item;
import dev.partywall.storage.Key;
import dev.partywall.tenancy.TenantLocation;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * An item of business code as it is stored, with its labels.
 *
 * @param labels its keys in the indexes
 */
public record StoredItem(Key key, long version, Optional<IndexKeys> labels, String document) {
  private static final Set<String> ATTRIBUTES =
      Set.of(
          Attributes.PARTITION_KEY,
          Attributes.SORT_KEY,
          Attributes.FORMAT,
          Attributes.I1,
          Attributes.I2,
          Attributes.VERSION,
          Attributes.DOCUMENT);

  /** Returns whether DynamoDB deletes an item at its expiry, such as the record of a request. */
  static boolean isExpiring(Map<String, AttributeValue> attributes) {
    return attributes.containsKey(Attributes.EXPIRY);
  }

  /**
   * Reads an item without expiry.
   *
   * @throws IllegalStateException if the item has another format, an attribute that this release
   *     does not know, or lacks one
   * @throws IllegalArgumentException if its key or a label is invalid
   */
  static StoredItem read(Map<String, AttributeValue> attributes) {
    if (!ATTRIBUTES.containsAll(attributes.keySet())) {
      throw new IllegalStateException("the item has an attribute unknown to this release");
    }
    var item = Attributes.read(attributes);
    return new StoredItem(
        item.key(), item.version(), labels(item.key(), attributes), item.document());
  }

  private static Optional<IndexKeys> labels(Key key, Map<String, AttributeValue> attributes) {
    // All keys of an item have the prefix of the same revision.
    var sortKey = Attributes.requiredText(attributes, Attributes.SORT_KEY);
    var prefix = sortKey.substring(0, sortKey.length() - key.id().length());
    return attributes.containsKey(Attributes.I1)
        ? Optional.of(
            new IndexKeys(
                label(key, prefix, Attributes.requiredText(attributes, Attributes.I1)),
                label(key, prefix, Attributes.requiredText(attributes, Attributes.I2))))
        : Optional.empty();
  }

  /** Returns the part between the collection and the id. */
  private static String label(Key key, String prefix, String indexed) {
    var suffix = "#" + key.id();
    if (!indexed.startsWith(prefix)
        || !indexed.endsWith(suffix)
        || indexed.length() <= prefix.length() + suffix.length()) {
      throw new IllegalStateException("the index key of the item does not contain its key");
    }
    return indexed.substring(prefix.length(), indexed.length() - suffix.length());
  }

  /** Returns the attributes of the item in a tenant's location. */
  public Map<String, AttributeValue> attributes(TenantLocation location) {
    return Attributes.of(location, new Item(key, version, document, Optional.empty()), labels);
  }
}
