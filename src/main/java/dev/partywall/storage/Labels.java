package dev.partywall.storage;

/**
 * An item's keys in the indexes. They are written with the item and never read back, because a
 * query already knows the index key of its results.
 *
 * @param first the key in {@link Index#FIRST}; same form as an id
 * @param second the key in {@link Index#SECOND}; same form as an id
 */
public record Labels(String first, String second) {
  /** Rejects keys that would make a sort key ambiguous. */
  public Labels {
    Key.requireLabel(first);
    Key.requireLabel(second);
  }
}
