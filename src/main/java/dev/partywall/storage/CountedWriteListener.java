package dev.partywall.storage;

import java.time.Instant;

/**
 * Receives the hour of each counted write before the write. A counted write adds to the bound
 * tenant's bill: it writes a marker, which is counted later ({@link Write.Put#countedBy}). The
 * hours to count are known even after a crash, because they are recorded first. Implementations
 * must be fast, because every counted write waits for them: they remember the hours that they have
 * recorded.
 */
@FunctionalInterface
public interface CountedWriteListener {
  /**
   * Records the hour. A counted write follows, which may still fail.
   *
   * @param hour the start of the hour (UTC)
   * @throws RuntimeException when the hour could not be recorded; the write is then not performed
   */
  void beforeWrite(Instant hour);

  /**
   * Records the hour of a write whose item has an id that is not new: a count that continues behind
   * recent ids would miss its marker ({@link CountedWrites.IdRange}).
   *
   * @param hour the start of the hour (UTC)
   * @throws RuntimeException when the hour could not be recorded; the write is then not performed
   */
  default void beforeWriteWithOldId(Instant hour) {
    beforeWrite(hour);
  }
}
