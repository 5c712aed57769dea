package dev.partywall.operations.tenants;

import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
import dev.partywall.operations.lifecycle.TenantOperations;
import dev.partywall.operations.offboarding.Offboarding;
import dev.partywall.tenancy.TenantRecord;
import dev.partywall.tenancy.registry.OperationStore.RecordChange;
import dev.partywall.tenancy.registry.OperationStore.TenantState;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** Cancels the deletion of tenants during the retention. */
record CancelOffboarding(TenantOperations operations, InstantSource clock) {
  /**
   * Ends the operation and restores the former status, in one transaction.
   *
   * @param patch its other changes are applied as well
   * @return the changed record; empty if the record has changed meanwhile
   * @throws ApiException as {@link ApiError.Conflict} if the retention has ended
   */
  Optional<TenantRecord> cancel(TenantRecord tenant, TenantPatch patch) {
    var end = RecordChange.NOT_OWNED;
    var restored = tenant;
    while (end == RecordChange.NOT_OWNED) { // an instance checks whether the retention has ended
      var running =
          operations
              .store()
              .findWithTenant(tenant.id())
              .filter(state -> state.isVersionOf(tenant))
              .flatMap(TenantState::operation);
      if (running.isEmpty()) {
        return Optional.empty();
      }
      if (!Offboarding.isCancellable(running.get())) {
        throw begun();
      }
      var former = Offboarding.formerStatus(running.get());
      restored = patch.applyTo(tenant, former, TenantRoutes.now(clock));
      end = operations.store().end(running.get(), tenant, restored, List.of());
    }
    return end == RecordChange.APPLIED ? Optional.of(restored) : Optional.empty();
  }

  private static ApiException begun() {
    return new ApiException(
        new ApiError.Conflict("operation-in-progress", "The deletion of the tenant has begun."));
  }
}
