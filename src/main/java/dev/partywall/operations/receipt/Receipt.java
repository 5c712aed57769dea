package dev.partywall.operations.receipt;

import dev.partywall.tenancy.TenantId;
import java.time.Instant;
import java.util.List;

/**
 * The proof that the items of one incarnation of a tenant are deleted.
 *
 * @param service the name of the service
 * @param incarnation the deleted incarnation; a later one can exist
 * @param requestedBy the subject of the operator who requested the deletion
 * @param endedAt the time after the last check
 * @param kept the data about the tenant that remains
 */
public record Receipt(
    String service,
    TenantId tenant,
    int incarnation,
    String requestedBy,
    Instant requestedAt,
    DeletionResult deletion,
    Instant endedAt,
    List<KeptData> kept) {
  /** The issuer of every receipt. The key identifies the installation. */
  static final String ISSUER = "partywall";

  /** The type in the header (RFC 7515, section 4.1.9), without the prefix {@code application/}. */
  static final String TYPE = "partywall-receipt+jws";

  /** The algorithm in the header (RFC 8037, section 3.1). */
  static final String ALGORITHM = "EdDSA";

  /** Copies the list, which makes the record immutable. */
  public Receipt {
    kept = List.copyOf(kept);
  }
}
