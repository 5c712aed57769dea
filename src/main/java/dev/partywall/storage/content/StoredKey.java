package dev.partywall.storage.content;

import dev.partywall.storage.Attributes;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * The key of a stored item.
 *
 * @param expiring whether the item has an expiry
 */
record StoredKey(String partitionKey, String sortKey, boolean expiring) {
  /** Returns the key of an item of that partition. */
  static StoredKey of(String partitionKey, Map<String, AttributeValue> item) {
    return new StoredKey(
        partitionKey,
        Attributes.requiredText(item, Attributes.SORT_KEY),
        item.containsKey(Attributes.EXPIRY));
  }

  /** Returns whether this is the progress of an operation. */
  boolean isProgress() {
    return sortKey.equals(ProgressItem.SORT_KEY);
  }
}
