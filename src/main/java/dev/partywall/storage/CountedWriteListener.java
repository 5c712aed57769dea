package dev.partywall.storage;

import java.time.Instant;

/**
 * Receives the hour of a counted write before the write. The hours to count are therefore known
 * even after a crash. Runs in the write path for the bound tenant: implementations must be fast,
 * and remember the hours that they have already recorded.
 */
@FunctionalInterface
public interface CountedWriteListener {
  /**
   * Records that a marker may be written in that hour.
   *
   * @param hour the start of the hour (UTC)
   * @throws RuntimeException when the hour could not be recorded; the write is then not performed
   */
  void beforeWrite(Instant hour);
}
