package dev.partywall.operations.offboarding;

import dev.partywall.operations.receipt.DeletionResult;
import dev.partywall.tenancy.registry.Operation;

/** The result of a deletion in a form that tests compare. */
final class ReceiptText {
  private ReceiptText() {}

  static String of(Operation operation, DeletionResult result) {
    return operation.tenant()
        + " "
        + result.tables()
        + " "
        + result.keysSha256()
        + " "
        + result.verifiedEmptyAt().size();
  }
}
