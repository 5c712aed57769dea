package dev.partywall.operations.transfer;

import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
import dev.partywall.operations.lifecycle.OwnedOperation;
import dev.partywall.operations.lifecycle.OwnershipLostException;
import dev.partywall.operations.lifecycle.TenantOperations;
import dev.partywall.operations.offboarding.Offboarding;
import dev.partywall.tenancy.OperationKind;
import dev.partywall.tenancy.TenantRecord;
import dev.partywall.tenancy.TenantStatus;
import dev.partywall.tenancy.registry.Operation;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The operation of a running export in the registry. It shows the progress, excludes other
 * operations, and can be cancelled. During the retention of an offboarding, the tenant has its
 * operation already, and the export has none.
 *
 * <p>One thread uses it.
 */
final class ExportOperation {
  private static final Duration CHECK_INTERVAL = Duration.ofSeconds(5);
  private static final Duration MAX_UNCHECKED = Duration.ofSeconds(20);
  private static final int MAX_ATTEMPTS = 10;

  private final ExportContext context;
  private final TenantRecord tenant;
  private Optional<OwnedOperation> owned;
  private long checkedAt;

  private ExportOperation(
      ExportContext context, TenantRecord tenant, Optional<OwnedOperation> owned) {
    this.context = context;
    this.tenant = tenant;
    this.owned = owned;
    this.checkedAt = context.nanoTime().getAsLong();
  }

  /**
   * Begins the operation.
   *
   * @throws ApiException as {@link ApiError.Conflict} if the state of the tenant permits no export,
   *     or another operation is running
   */
  static ExportOperation begin(ExportContext context, TenantRecord record, String operator) {
    var tenant = record;
    for (var attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      requirePermitted(tenant);
      if (tenant.status() == TenantStatus.OFFBOARDING) {
        return inRetention(context, tenant);
      }
      var begun =
          Operation.begun(
              tenant,
              OperationKind.EXPORT,
              context.leases().leases().get(),
              ExportSteps.READING,
              operator,
              context.now());
      var owned = OwnedOperation.begin(context.operations(), tenant, begun, context.leases());
      if (owned.isPresent()) {
        return new ExportOperation(context, tenant, owned);
      }
      tenant = context.registry().find(tenant.id()).orElseThrow(ApiException::notFound);
    }
    throw new ApiException(
        new ApiError.Unavailable("The tenant changes too often.", Duration.ofSeconds(2)));
  }

  private static ExportOperation inRetention(ExportContext context, TenantRecord tenant) {
    var operation = new ExportOperation(context, tenant, Optional.empty());
    operation.requireRetention();
    return operation;
  }

  /** Rejects an export in a state in which the tenant has no content, or not all of it. */
  static void requirePermitted(TenantRecord tenant) {
    switch (tenant.status()) {
      case ACTIVE, SUSPENDED, OFFBOARDING -> {}
      case PROVISIONING, FAILED, OFFBOARDED ->
          throw conflict(
              "tenant-not-exportable",
              "The status of the tenant is " + tenant.status().label() + ".");
    }
  }

  /**
   * Checks that the export may continue, and stores the progress. The registry is read or written
   * at most every 5 s. If it is unavailable, the export continues for 20 s.
   *
   * @param done the number of items until now
   * @throws ApiException as {@link ApiError.Conflict} if the export must end
   */
  void requireCurrent(long done) {
    try {
      requireSameState();
      if (owned.isPresent()) {
        owned.get().progress(done);
      } else if (isDue(CHECK_INTERVAL)) {
        requireRetention();
      }
    } catch (OwnershipLostException _) {
      throw ended();
    } catch (ApiException e) {
      if (!(e.error() instanceof ApiError.Unavailable) || isUnchecked()) {
        throw e;
      }
    }
    requireLease();
  }

  private void requireLease() {
    try {
      owned.ifPresent(OwnedOperation::requireCurrent);
    } catch (OwnershipLostException _) {
      throw ended();
    }
  }

  /** The directory follows changes of the tenant within 5 s, without a call. */
  private void requireSameState() {
    var known = context.directory().find(tenant.id());
    if (known.isEmpty() || known.get().incarnation() != tenant.incarnation()) {
      throw ended();
    }
    requirePermitted(known.get());
  }

  private void requireRetention() {
    var running = context.operations().find(tenant.id());
    if (running
        .filter(operation -> operation.kind() == OperationKind.OFFBOARDING)
        .filter(operation -> operation.state().equals(Offboarding.RETENTION))
        .isEmpty()) {
      throw TenantOperations.inProgress();
    }
    checkedAt = context.nanoTime().getAsLong();
  }

  /** The lease limits the time of an export that has its own operation. */
  private boolean isUnchecked() {
    return owned.isEmpty() && isDue(MAX_UNCHECKED);
  }

  private boolean isDue(Duration interval) {
    return context.nanoTime().getAsLong() - checkedAt >= interval.toNanos();
  }

  /**
   * Ends the operation; has no effect after the end.
   *
   * @throws ApiException as {@link ApiError.Conflict} if it was cancelled before
   */
  void end() {
    while (owned.isPresent()) {
      var current = context.registry().find(tenant.id()).orElseThrow(ApiException::notFound);
      try {
        if (owned.get().with(current).end(current, List.of())) {
          owned = Optional.empty();
        }
      } catch (OwnershipLostException _) {
        owned = Optional.empty();
        throw ended();
      }
    }
  }

  private static ApiException ended() {
    return conflict(
        "export-ended", "The export was cancelled, or the state of the tenant has changed.");
  }

  private static ApiException conflict(String type, String detail) {
    return new ApiException(new ApiError.Conflict(type, detail));
  }
}
