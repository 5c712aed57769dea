package dev.partywall.storage;

/**
 * What an item is found under in the indexes. Labels are written with an item and are not read
 * again: what is found under one is known by whoever looked there.
 *
 * @param first in {@link Index#FIRST}; of the same form as an id
 * @param second likewise in {@link Index#SECOND}
 */
public record Labels(String first, String second) {
  /** Refuses labels that could run into an id. */
  public Labels {
    Key.requireLabel(first);
    Key.requireLabel(second);
  }
}
