package dev.partywall.storage;

/**
 * Is told what DynamoDB says that a call has consumed, on the thread that made the call, where the
 * tenant is bound. It must be fast and must not throw.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html">Read
 *     and write operations</a>
 */
@FunctionalInterface
public interface CapacityListener {
  /**
   * A call was answered.
   *
   * @param readThousandths read units, in thousandths
   * @param writeThousandths write units, in thousandths
   */
  void consumed(long readThousandths, long writeThousandths);
}
