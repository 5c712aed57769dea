package dev.partywall.storage;

import java.util.Optional;

/** A write of a transaction. */
public sealed interface Write {
  /** Returns the key of the item to write. */
  Key key();

  /** Returns the condition under which the transaction is applied. */
  Condition condition();

  /**
   * Puts an item, and replaces an existing one.
   *
   * @param labels the item's keys in the indexes; without them it is in no index
   * @param meter the meter that counts this write
   */
  record Put(Item item, Condition condition, Optional<Labels> labels, Optional<String> meter)
      implements Write {
    @Override
    public Key key() {
      return item.key();
    }

    /** Returns a copy with these index keys. */
    public Put labelled(String i1, String i2) {
      return new Put(item, condition, Optional.of(new Labels(i1, i2)), meter);
    }

    /**
     * Returns a copy that writes a marker for {@link Marks} to count. The marker is part of the
     * transaction, so neither exists without the other. It is permanent, so deleting the item later
     * does not reduce the count.
     */
    public Put counting(String name) {
      return new Put(item, condition, labels, Optional.of(Key.requireLabel(name)));
    }
  }

  /** Deletes an item if it exists. */
  record Delete(Key key, Condition condition) implements Write {}

  /** Returns a write that puts an item. */
  static Put put(Item item, Condition condition) {
    return new Put(item, condition, Optional.empty(), Optional.empty());
  }

  /** Returns a write that deletes an item. */
  static Delete delete(Key key, Condition condition) {
    return new Delete(key, condition);
  }
}
