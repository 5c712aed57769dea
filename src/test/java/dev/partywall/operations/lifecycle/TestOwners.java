package dev.partywall.operations.lifecycle;

import dev.partywall.operations.lifecycle.OperationSteps.Step;
import dev.partywall.tenancy.Tenant;
import dev.partywall.tenancy.TenantContext;
import dev.partywall.tenancy.TenantId;
import dev.partywall.tenancy.registry.OperationStore;
import dev.partywall.tenancy.registry.TenantRegistry;
import java.util.UUID;
import java.util.function.LongSupplier;

/** Executes the steps of operations on the calling thread, as an instance that owns them. */
public final class TestOwners {
  private TestOwners() {}

  /** Becomes the owner of the tenant's operation, without a wait for the end of the lease. */
  public static OwnedOperation takeOver(
      TenantRegistry registry, OperationStore store, TenantId tenant, LongSupplier nanoTime) {
    return takeOver(
        registry,
        store,
        tenant,
        new OwnedOperation.Sources(() -> UUID.randomUUID().toString(), nanoTime));
  }

  /** Becomes the owner at once, with these sources. */
  public static OwnedOperation takeOver(
      TenantRegistry registry,
      OperationStore store,
      TenantId tenant,
      OwnedOperation.Sources sources) {
    return OwnedOperation.takeOver(
        store, registry.find(tenant).orElseThrow(), store.find(tenant).orElseThrow(), sources);
  }

  /** Returns the time until the next call can start; 0 or less if it can start now. */
  public static long delayNanos(OperationPace pace) {
    return pace.delayNanos();
  }

  /** Executes one step for the tenant of the operation. */
  public static Step step(OperationSteps steps, OwnedOperation owned) {
    return TenantContext.call(new Tenant(owned.tenant()), () -> steps.step(owned));
  }
}
