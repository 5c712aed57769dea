package dev.partywall.storage;

import java.util.Optional;

/** A write of a transaction. */
public sealed interface Write {
  /** Returns the key of the item to write. */
  Key key();

  /** Returns the condition under which the transaction is applied. */
  WriteCondition condition();

  /**
   * Puts an item, and replaces an existing one.
   *
   * @param indexKeys the item's keys in the indexes; without them it is in no index
   * @param meter the meter that counts this write
   */
  record Put(
      Item item, WriteCondition condition, Optional<IndexKeys> indexKeys, Optional<Meter> meter)
      implements Write {
    @Override
    public Key key() {
      return item.key();
    }

    /** Returns a copy with these index keys. */
    public Put withIndexKeys(String i1, String i2) {
      return new Put(item, condition, Optional.of(new IndexKeys(i1, i2)), meter);
    }

    /**
     * Returns a copy that writes a marker for {@link CountedWrites} to count. The marker is part of
     * the transaction, so neither exists without the other. It is permanent, so deleting the item
     * later does not reduce the count.
     */
    public Put countedBy(Meter counting) {
      return new Put(item, condition, indexKeys, Optional.of(counting));
    }
  }

  /** Deletes an item if it exists. */
  record Delete(Key key, WriteCondition condition) implements Write {}

  /** Returns a write that puts an item. */
  static Put put(Item item, WriteCondition condition) {
    return new Put(item, condition, Optional.empty(), Optional.empty());
  }

  /** Returns a write that replaces this version of an item. */
  static Put replace(Item before, Item after) {
    return put(after, new WriteCondition.VersionIs(before.version()));
  }

  /** Returns a write that deletes an item. */
  static Delete delete(Key key, WriteCondition condition) {
    return new Delete(key, condition);
  }
}
