package dev.partywall.storage;

import java.util.Optional;

/** The result of a transaction. */
public sealed interface Outcome {
  /** All writes were applied. */
  record Written() implements Outcome {}

  /**
   * No write was applied, because a condition failed.
   *
   * @param write the zero-based index of the first write whose condition failed
   * @param standing the current item with that write's key
   */
  record Failed(int write, Optional<Item> standing) implements Outcome {}
}
