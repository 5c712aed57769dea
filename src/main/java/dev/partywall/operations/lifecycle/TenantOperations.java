package dev.partywall.operations.lifecycle;

import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
import dev.partywall.tenancy.OperationKind;
import dev.partywall.tenancy.TenantId;
import dev.partywall.tenancy.TenantRecord;
import dev.partywall.tenancy.TenantStatus;
import dev.partywall.tenancy.registry.Operation;
import dev.partywall.tenancy.registry.OperationStore;
import dev.partywall.tenancy.registry.OperationStore.RecordChange;
import dev.partywall.tenancy.registry.OperationStore.Start;
import dev.partywall.tenancy.registry.OperationStore.TenantState;
import java.util.Optional;

/** The operations on tenants, as the operators' routes use them. */
public record TenantOperations(OperationStore store, OperationRunner runner) {
  /** Returns the operation of a tenant; empty if none is running. */
  public Optional<Operation> find(TenantId tenant) {
    return store.find(tenant);
  }

  /**
   * Returns the record of a tenant and the operation in its representation: the running one of the
   * same moment, or the one that has failed and thereby caused the status of the tenant. Empty if
   * the tenant is not registered.
   */
  public Optional<TenantState> state(TenantId tenant) {
    return store
        .findWithTenant(tenant)
        .map(state ->
            new TenantState(state.tenant(), state.operation().or(() -> failed(state.tenant()))));
  }

  /**
   * Returns the operation in the representation of a tenant; empty if its record has another
   * version meanwhile.
   */
  public Optional<Operation> shown(TenantRecord tenant) {
    return state(tenant.id())
        .filter(state -> state.isVersionOf(tenant))
        .flatMap(TenantState::operation);
  }

  /** Returns the operation that has caused the status {@code failed}; empty for other tenants. */
  public Optional<Operation> failed(TenantRecord tenant) {
    return tenant.status() == TenantStatus.FAILED
        ? FailedOperation.of(tenant, store)
        : Optional.empty();
  }

  /**
   * Begins an operation. This instance starts to execute it at once.
   *
   * @param after the record of the tenant during the operation; its version is the same or the next
   *     one
   * @return empty if the record has changed meanwhile
   * @throws ApiException as {@link ApiError.Conflict} if another operation is running
   */
  public Optional<Operation> begin(Operation operation, TenantRecord before, TenantRecord after) {
    return switch (store.begin(operation, before, after)) {
      case Start.Begun(var begun) -> {
        runner.start(begun);
        yield Optional.of(begun);
      }
      case Start.InProgress _ -> throw inProgress();
      case Start.Stale _ -> Optional.empty();
    };
  }

  /**
   * Requires that no operation of a tenant is running.
   *
   * @throws ApiException as {@link ApiError.Conflict} if one is
   */
  public void requireNone(TenantId tenant) {
    if (find(tenant).isPresent()) {
      throw inProgress();
    }
  }

  /** The result of a cancellation. */
  public enum Cancellation {
    /** The operation is cancelled. */
    CANCELLED,
    /** No operation is running. */
    NONE,
    /** The record has changed meanwhile, and the operation can be that of a later version. */
    STALE
  }

  /**
   * Cancels the operation of a tenant. The steps of the operation revert its effects.
   *
   * @param tenant the record that the request names; an operation that a later version began
   *     remains
   * @throws ApiException as {@link ApiError.Conflict} if the operation cannot be cancelled any more
   */
  public Cancellation cancel(TenantRecord tenant) {
    while (true) {
      var state = store.findWithTenant(tenant.id()).filter(found -> found.isVersionOf(tenant));
      if (state.isEmpty()) {
        return Cancellation.STALE; // its operation must not determine the error
      }
      if (state.get().operation().isEmpty()) {
        return Cancellation.NONE;
      }
      var before = state.get().operation().get();
      var steps =
          runner.cancellableSteps(before.kind()).orElseThrow(() -> notCancellable(before.kind()));
      var cancelled = steps.cancelled(before, tenant);
      var change = store.update(before, cancelled, tenant);
      if (change == RecordChange.STALE) {
        return Cancellation.STALE;
      }
      // The lease of a live owner changes meanwhile.
      if (change == RecordChange.APPLIED) {
        runner.start(cancelled);
        return Cancellation.CANCELLED;
      }
    }
  }

  private static ApiException notCancellable(OperationKind kind) {
    return new ApiException(
        new ApiError.Conflict(
            "operation-not-cancellable",
            "This instance does not cancel operations of the kind " + kind.label() + "."));
  }

  /** Returns the rejection of a request that would begin a second operation. */
  public static ApiException inProgress() {
    return new ApiException(
        new ApiError.Conflict(
            "operation-in-progress", "Another operation of the tenant is in progress."));
  }
}
