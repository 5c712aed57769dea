package dev.partywall.operations.lifecycle;

import dev.partywall.tenancy.OperationKind;
import dev.partywall.tenancy.TenantRecord;
import dev.partywall.tenancy.registry.Operation;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;

/**
 * Steps without an effect. The operation waits until its state is {@code end}, which a cancellation
 * sets.
 *
 * @param obstacle the reason why this instance cannot execute a step
 * @param isDue returns whether a step can be executed now
 */
public record StubSteps(
    OperationKind kind, AtomicReference<Optional<String>> obstacle, BooleanSupplier isDue)
    implements CancellableSteps {
  /** A state in which the operation cannot be cancelled. */
  static final String UNCANCELLABLE = "uncancellable";

  /** Creates steps that an instance can execute at any time. */
  static StubSteps executable(OperationKind kind) {
    return new StubSteps(kind, new AtomicReference<>(Optional.empty()), () -> true);
  }

  /** Creates steps that no instance executes. */
  public static StubSteps idle(OperationKind kind) {
    return new StubSteps(kind, new AtomicReference<>(Optional.empty()), () -> false);
  }

  @Override
  public Step step(OwnedOperation owned) {
    if (!owned.operation().state().equals("end")) {
      return Step.WAIT;
    }
    return owned.end(owned.tenant().withOperation(Optional.empty()), List.of())
        ? Step.ENDED
        : Step.CONTINUE;
  }

  @Override
  public boolean isDue(Operation operation) {
    return isDue.getAsBoolean();
  }

  @Override
  public Optional<String> obstacle(Operation operation, TenantRecord tenant) {
    return obstacle.get();
  }

  @Override
  public Operation cancelled(Operation operation, TenantRecord tenant) {
    if (operation.state().equals(UNCANCELLABLE)) {
      throw new IllegalStateException("cannot be cancelled");
    }
    return operation.inState("end").free();
  }
}
