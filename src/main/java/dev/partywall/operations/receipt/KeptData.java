package dev.partywall.operations.receipt;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Data about a tenant that remains after the deletion of its items.
 *
 * @param what the kind of data
 * @param reason why it remains, and where
 * @param until the latest time of its deletion; empty if the service never deletes it
 */
public record KeptData(String what, String reason, Optional<Instant> until) {
  /**
   * The longest time for which DynamoDB can restore a former state of a table by point-in-time
   * recovery. The backup that DynamoDB makes of a deleted table exists as long.
   *
   * @see <a
   *     href="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Point-in-time-recovery.html">Point-in-time
   *     backups</a>
   */
  public static final Duration BACKUP_PERIOD = Duration.ofDays(35);

  /**
   * The time between the signature and the deletion of the table of a silo, with a margin for the
   * difference between two clocks. The backup period of that table starts at its deletion. A table
   * that is deleted later requires another receipt.
   */
  public static final Duration TABLE_DELETION = Duration.ofDays(1);

  /**
   * The longest time until the idempotency key of a registration is deleted: it expires within a
   * day, and DynamoDB deletes expired items within a few days.
   *
   * @see <a href="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/TTL.html">Time
   *     to live</a>
   */
  private static final Duration KEY_PERIOD = Duration.ofDays(8);

  /**
   * Returns the data that every deletion keeps. The backups end before the stated time.
   *
   * @param signedAt the time of the signature, after the last check
   */
  public static List<KeptData> after(Instant signedAt) {
    return List.of(
        new KeptData(
            "bills",
            "The ledger contains the usage per hour, without items of the tenant, for invoices.",
            Optional.empty()),
        new KeptData(
            "audit",
            "The audit log contains the changes and the rejections, with the users who made the"
                + " requests.",
            Optional.empty()),
        new KeptData(
            "registration",
            "The registry contains the last record of the tenant, its name and tier for the bills,"
                + " and this receipt. The record determines the next incarnation of the id.",
            Optional.empty()),
        new KeptData(
            "registration-key",
            "If the tenant was registered with an idempotency key, the registry contains its first"
                + " record under the key for 24 hours, so that a repetition of the request"
                + " registers no tenant. DynamoDB deletes expired items within a few days.",
            Optional.of(signedAt.plus(KEY_PERIOD))),
        new KeptData(
            "backups",
            "Point-in-time recovery can restore a former state of the table, items of the tenant"
                + " included.",
            Optional.of(signedAt.plus(TABLE_DELETION).plus(BACKUP_PERIOD))));
  }
}
