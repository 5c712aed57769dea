package dev.partywall.operations.offboarding;

import dev.partywall.operations.receipt.DeletionResult;
import dev.partywall.tenancy.registry.Operation;

/** Signs the receipts of deletions. */
@FunctionalInterface
public interface ReceiptIssuer {
  /**
   * Returns the signed receipt, a compact JWS. A repeated call for the same operation may return
   * another one.
   *
   * @param operation the offboarding
   * @throws dev.partywall.error.ApiException as {@code Unavailable} if the key cannot be stored
   */
  String issue(Operation operation, DeletionResult result);
}
