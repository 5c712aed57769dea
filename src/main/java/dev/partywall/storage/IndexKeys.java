package dev.partywall.storage;

/**
 * An item's keys in the indexes. They are written with the item and never read back, because a
 * query already knows the index key of its results.
 *
 * @param i1 the key in {@link Index#I1}; same form as an id
 * @param i2 the key in {@link Index#I2}; same form as an id
 */
public record IndexKeys(String i1, String i2) {
  /** Rejects keys that would make a sort key ambiguous. */
  public IndexKeys {
    Key.requirePart(i1);
    Key.requirePart(i2);
  }
}
