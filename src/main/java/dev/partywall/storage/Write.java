package dev.partywall.storage;

import java.util.Optional;

/** One change out of those that happen together. */
public sealed interface Write {
  /** What it changes. */
  Key key();

  /** What must hold for it. */
  Condition condition();

  /**
   * Puts an item, in place of what was there.
   *
   * @param meter the meter that counts it
   */
  record Put(Item item, Condition condition, Optional<String> meter) implements Write {
    @Override
    public Key key() {
      return item.key();
    }

    /**
     * This write, which also leaves a mark that {@link Marks} counts: in the same transaction, so
     * that there is never one without the other, and for good, so that a later deletion of the item
     * takes nothing off the count.
     */
    public Put counting(String name) {
      return new Put(item, condition, Optional.of(Key.requireLabel(name)));
    }
  }

  /** Deletes an item, if it is there. */
  record Delete(Key key, Condition condition) implements Write {}

  /** Puts an item. */
  static Put put(Item item, Condition condition) {
    return new Put(item, condition, Optional.empty());
  }

  /** Deletes an item. */
  static Delete delete(Key key, Condition condition) {
    return new Delete(key, condition);
  }
}
