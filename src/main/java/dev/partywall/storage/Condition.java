package dev.partywall.storage;

/** What must hold for a write to happen. An item that has expired is not there. */
public sealed interface Condition {
  /** Nothing. */
  record None() implements Condition {}

  /** There is no such item. */
  record Absent() implements Condition {}

  /** There is such an item, in that version. */
  record VersionIs(long version) implements Condition {}
}
