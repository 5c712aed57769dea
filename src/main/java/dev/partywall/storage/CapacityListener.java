package dev.partywall.storage;

/**
 * Receives the capacity that a DynamoDB call consumed. Runs on the calling thread, with the tenant
 * bound. Implementations must be fast and must not throw.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html">Read
 *     and write operations</a>
 */
@FunctionalInterface
public interface CapacityListener {
  /**
   * Records the capacity of a successful call.
   *
   * @param readThousandths read units, in thousandths
   * @param writeThousandths write units, in thousandths
   */
  void consumed(long readThousandths, long writeThousandths);
}
