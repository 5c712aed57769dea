package dev.partywall.storage;

import java.util.Optional;

/** The result of a transaction. */
public sealed interface Outcome {
  /** All writes were applied. */
  record Written() implements Outcome {}

  /**
   * No write was applied, because a condition failed.
   *
   * @param index the zero-based index of the first write whose condition failed
   * @param current the current item with that write's key
   */
  record ConditionFailed(int index, Optional<Item> current) implements Outcome {}
}
