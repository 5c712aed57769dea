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
   * @param labels what it is found under in the indexes; without any it is in none of them
   * @param meter the meter that counts it
   */
  record Put(Item item, Condition condition, Optional<Labels> labels, Optional<String> meter)
      implements Write {
    @Override
    public Key key() {
      return item.key();
    }

    /** This write, of an item that is found under these labels. */
    public Put labelled(String first, String second) {
      return new Put(item, condition, Optional.of(new Labels(first, second)), meter);
    }

    /**
     * This write, which also leaves a mark that {@link Marks} counts: in the same transaction, so
     * that there is never one without the other, and for good, so that a later deletion of the item
     * takes nothing off the count.
     */
    public Put counting(String name) {
      return new Put(item, condition, labels, Optional.of(Key.requireLabel(name)));
    }
  }

  /** Deletes an item, if it is there. */
  record Delete(Key key, Condition condition) implements Write {}

  /** Puts an item. */
  static Put put(Item item, Condition condition) {
    return new Put(item, condition, Optional.empty(), Optional.empty());
  }

  /** Deletes an item. */
  static Delete delete(Key key, Condition condition) {
    return new Delete(key, condition);
  }
}
