package dev.partywall.operations.receipt;

import dev.partywall.tenancy.registry.Operation;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;

/**
 * Signs the receipts of deletions.
 *
 * @param service the name of the service
 * @param key the private key
 * @param keys publishes the public key
 */
public record ReceiptSigner(String service, ReceiptKey key, ReceiptKeys keys, InstantSource clock) {
  /**
   * Returns the receipt of a deletion in compact form. It is called after the last check, whose end
   * is the end of the deletion. The public key is stored before the return, because a later key
   * must not make the receipt unverifiable.
   *
   * @param offboarding the operation, which names the tenant, the operator and the time of the
   *     request
   * @throws dev.partywall.error.ApiException as {@code Unavailable} if the public key cannot be
   *     stored
   */
  public String issue(Operation offboarding, DeletionResult deletion) {
    var end = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    var receipt =
        new Receipt(
            service,
            offboarding.tenant(),
            offboarding.incarnation(),
            offboarding.requestedBy(),
            offboarding.origin().startedAt(),
            deletion,
            end,
            KeptData.after(end));
    keys.keep(key.publicKey());
    return key.sign(receipt);
  }
}
