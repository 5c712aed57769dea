package dev.partywall.storage;

import java.util.Optional;

/** What became of writes that were to happen together. */
public sealed interface Outcome {
  /** All of them happened. */
  record Written() implements Outcome {}

  /**
   * None of them happened.
   *
   * @param write the place, from 0, of the first whose condition did not hold
   * @param standing the item that was there instead, as it was at that moment
   */
  record Failed(int write, Optional<Item> standing) implements Outcome {}
}
