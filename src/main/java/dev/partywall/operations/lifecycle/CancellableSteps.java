package dev.partywall.operations.lifecycle;

import dev.partywall.tenancy.TenantRecord;
import dev.partywall.tenancy.registry.Operation;

/**
 * The steps of a kind whose operations continue after a cancellation: the next steps revert the
 * effects. The cancellation of another kind is the end of the operation, without a step.
 */
public interface CancellableSteps extends OperationSteps {
  /**
   * Returns the operation in the state that follows the cancellation by an operator, without an
   * owner.
   *
   * @param tenant the record of the tenant
   * @throws dev.partywall.error.ApiException as {@code Conflict} if the operation cannot be
   *     cancelled any more
   */
  Operation cancelled(Operation operation, TenantRecord tenant);
}
