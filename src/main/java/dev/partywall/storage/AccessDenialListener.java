package dev.partywall.storage;

/**
 * Receives each DynamoDB call that AWS denied. Runs on the thread of the call, with the tenant of
 * the call bound, if it has one. Implementations must not throw.
 */
@FunctionalInterface
public interface AccessDenialListener {
  /**
   * Records a denied call.
   *
   * @param operation the operation in AWS's spelling, such as {@code GetItem}
   * @param table the name of the table; several names are separated by commas
   */
  void denied(String operation, String table);
}
