package dev.partywall.storage;

/** The condition of a write. An expired item counts as absent. */
public sealed interface WriteCondition {
  /** Always met. */
  record None() implements WriteCondition {}

  /** Met if the item does not exist. */
  record Absent() implements WriteCondition {}

  /** Met if the item exists with that version. */
  record VersionIs(long version) implements WriteCondition {}
}
