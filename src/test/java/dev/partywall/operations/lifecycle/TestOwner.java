package dev.partywall.operations.lifecycle;

import dev.partywall.operations.lifecycle.OperationSteps.Step;
import dev.partywall.tenancy.TenantId;
import dev.partywall.tenancy.registry.OperationStore;
import dev.partywall.tenancy.registry.TenantRegistry;
import java.util.function.LongSupplier;

/** An owner of the operation of a tenant that executes its steps on the thread of a test. */
public final class TestOwner {
  private static final int MAX_STEPS = 50;

  private final TenantRegistry registry;
  private OwnedOperation owned;

  /** Becomes the owner at once, like an instance that finds an old lease. */
  public TestOwner(
      TenantRegistry registry, OperationStore store, TenantId tenant, LongSupplier nanoTime) {
    this.registry = registry;
    owned = TestOwners.takeOver(registry, store, tenant, nanoTime);
  }

  /** Executes one step. */
  public Step step(OperationSteps steps) {
    owned = owned.with(registry.find(owned.operation().tenant()).orElseThrow());
    return TestOwners.step(steps, owned);
  }

  /** Executes all steps, without a pause between them. */
  public void run(OperationSteps steps) {
    for (var count = 0; count < MAX_STEPS; count++) {
      if (step(steps) == Step.ENDED) {
        return;
      }
    }
    throw new AssertionError("the operation does not end: " + owned.operation());
  }
}
