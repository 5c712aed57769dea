package dev.partywall.storage;

import java.time.Instant;

/**
 * Is told of marks before they are made, so that whoever counts them knows which hours to look at,
 * also after a crash. It runs for the bound tenant, on the way of a write: it must be fast, and
 * remember which hours it has noted already.
 */
@FunctionalInterface
public interface MarkListener {
  /** Nobody counts. */
  MarkListener NONE = _ -> {};

  /**
   * A mark may be made in that hour.
   *
   * @param hour its start (UTC)
   * @throws RuntimeException when it could not be noted: then the write does not happen
   */
  void before(Instant hour);
}
