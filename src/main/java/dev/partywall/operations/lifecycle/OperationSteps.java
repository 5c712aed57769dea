package dev.partywall.operations.lifecycle;

import dev.partywall.tenancy.OperationKind;
import dev.partywall.tenancy.TenantRecord;
import dev.partywall.tenancy.registry.Operation;
import java.util.Optional;

/**
 * The steps of one kind of operation. An instance can end at any point, so every step is either
 * repeatable, or recognizes by a condition that it was executed. A kind whose operations continue
 * after a cancellation implements {@link CancellableSteps}.
 */
public interface OperationSteps {
  /** Returns the kind of operation. */
  OperationKind kind();

  /**
   * Executes one step for the bound tenant, in at most a few seconds. Saves the next state by
   * {@link OwnedOperation#save}, or ends the operation by {@link OwnedOperation#end}.
   *
   * @throws OwnershipLostException if another owner executes the operation
   * @throws dev.partywall.error.ApiException as {@code Unavailable} if a dependency is unavailable;
   *     the step is repeated
   */
  Step step(OwnedOperation operation);

  /** Returns whether a step can be executed now. Until then, the operation has no owner. */
  default boolean isDue(Operation operation) {
    return true;
  }

  /**
   * Returns the reason why this instance cannot execute the next step, although another instance
   * may be able to; empty if it can. While there is a reason, this instance does not own the
   * operation, and the operation shows the reason.
   *
   * @param tenant the record of the tenant
   */
  default Optional<String> obstacle(Operation operation, TenantRecord tenant) {
    return Optional.empty();
  }

  /** The result of a step. */
  enum Step {
    /** The next step can be executed at once. */
    CONTINUE,
    /** The next step must wait for a while. */
    WAIT,
    /** A dependency has rejected the step, which is repeated after a longer pause. */
    REPEAT,
    /** The operation has ended. */
    ENDED
  }
}
