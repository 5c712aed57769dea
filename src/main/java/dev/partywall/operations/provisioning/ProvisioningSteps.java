package dev.partywall.operations.provisioning;

import dev.partywall.error.ApiException;
import dev.partywall.operations.lifecycle.CancellableSteps;
import dev.partywall.operations.lifecycle.FailedOperation;
import dev.partywall.operations.lifecycle.Obstacles;
import dev.partywall.operations.lifecycle.OperationAudit;
import dev.partywall.operations.lifecycle.OwnedOperation;
import dev.partywall.operations.lifecycle.StepAudit;
import dev.partywall.storage.Schema;
import dev.partywall.storage.silo.SiloTableException;
import dev.partywall.storage.silo.SiloTables;
import dev.partywall.storage.silo.SiloTables.Progress;
import dev.partywall.tenancy.OperationKind;
import dev.partywall.tenancy.RequestGenerations;
import dev.partywall.tenancy.Tenant;
import dev.partywall.tenancy.TenantLocations;
import dev.partywall.tenancy.TenantRecord;
import dev.partywall.tenancy.TenantStatus;
import dev.partywall.tenancy.registry.Operation;
import dev.partywall.tenancy.registry.OperationStore.Document;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Creates the table of a tenant in a silo, and then activates the tenant. Each step reads the state
 * of the table and performs its first missing part, so a new owner continues where the former one
 * ended, and an earlier attempt is continued. The stored state is only for operators.
 *
 * @param tables creates the tables; empty without a provisioner role
 * @param locations names the tables
 * @param isEmpty returns whether the table contains no item of the bound tenant
 * @param requests counts each step like a request: the deletion of the tenant waits for a late call
 * @param audit receives an entry for each state, and for the end
 */
public record ProvisioningSteps(
    Optional<SiloTables> tables,
    TenantLocations locations,
    BooleanSupplier isEmpty,
    RequestGenerations requests,
    OperationAudit audit,
    InstantSource clock)
    implements CancellableSteps {
  /**
   * The longest time of an owner without progress. A table is complete after minutes, also in a
   * busy account. The time between two owners does not count.
   */
  static final Duration MAX_WAIT = Duration.ofHours(1);

  private static final String ACTION = "POST /tenants";

  @Override
  public OperationKind kind() {
    return OperationKind.PROVISIONING;
  }

  /** The end of a cancelled provisioning requires no table. */
  @Override
  public Optional<String> obstacle(Operation operation, TenantRecord tenant) {
    return tables.isPresent() || isCancelled(operation)
        ? Optional.empty()
        : Optional.of(Obstacles.NO_PROVISIONER);
  }

  private static boolean isCancelled(Operation operation) {
    return operation.state().equals(ProvisioningState.CANCELLED.label());
  }

  @Override
  public Step step(OwnedOperation owned) {
    entries().begin(owned);
    if (isCancelled(owned.operation())) {
      return fail(owned, "The operation was cancelled.");
    }
    var generation = requests.begin();
    try {
      // The calls have no condition on the owner: a late one could create the table of a tenant
      // that is deleted already. The operation still runs after this write, so the barrier of a
      // later deletion waits for this generation. It does not wait for an instance that is stopped
      // for longer than an hour: the table is requested only while the lease is valid.
      owned.confirm();
      return advance(owned);
    } finally {
      generation.end();
    }
  }

  private Step advance(OwnedOperation owned) {
    try {
      var progress = tables.orElseThrow().advance(schema(owned.tenant()), owned.leaseEnd());
      return progress == Progress.COMPLETE ? activate(owned) : record(owned, progress);
    } catch (SiloTableException e) {
      return e.isTemporary()
          ? await(owned, Optional.of(e.reason()), Step.REPEAT)
          : fail(owned, e.reason());
    }
  }

  private Schema schema(TenantRecord tenant) {
    return Schema.ofTenants(locations.of(new Tenant(tenant)).table());
  }

  /** An unchanged state means that the step waits for DynamoDB. */
  private Step record(OwnedOperation owned, Progress progress) {
    var state = ProvisioningState.of(progress).label();
    if (state.equals(owned.operation().state())) {
      // A description can lag behind the creation: the next call would create the table again.
      return await(owned, Optional.empty(), Step.WAIT);
    }
    owned.save(owned.operation().inState(state));
    return Step.CONTINUE;
  }

  /** Waits, with the reason, until the time without progress is too long. */
  private Step await(OwnedOperation owned, Optional<String> reason, Step pause) {
    if (owned.timeInState().compareTo(MAX_WAIT) >= 0) {
      return fail(owned, reason.orElseGet(() -> incomplete(owned)));
    }
    var waiting = owned.operation().withReason(reason);
    if (waiting.equals(owned.operation())) {
      owned.renew();
    } else {
      owned.save(waiting);
    }
    return pause;
  }

  private String incomplete(OwnedOperation owned) {
    return "The table "
        + schema(owned.tenant()).table()
        + " has made no progress for "
        + MAX_WAIT.toMinutes()
        + " minutes.";
  }

  /** An existing table, such as a restored one, can have the name and the keys of a silo. */
  private Step activate(OwnedOperation owned) {
    try {
      if (!isEmpty.getAsBoolean()) {
        return fail(owned, "The table contains items of the tenant already.");
      }
    } catch (ApiException _) { // the mapping of DynamoDB's errors has logged the reason
      return await(owned, Optional.of("The items of the table cannot be read."), Step.REPEAT);
    }
    entries().end(owned, "done", "status", TenantStatus.ACTIVE.label());
    return end(owned, TenantStatus.ACTIVE, List.of());
  }

  private Step fail(OwnedOperation owned, String reason) {
    entries().end(owned, "failed", "reason", reason);
    return end(
        owned, TenantStatus.FAILED, List.of(FailedOperation.document(owned.operation(), reason)));
  }

  private StepAudit entries() {
    return new StepAudit(audit, ACTION);
  }

  /** A record that was changed meanwhile, such as a new name, is read again by the next step. */
  private Step end(OwnedOperation owned, TenantStatus status, List<Document> documents) {
    var now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    return owned.end(owned.tenant().withStatus(status, now), documents)
        ? Step.ENDED
        : Step.CONTINUE;
  }

  /** The tenant becomes {@code failed}. The table remains, and a repetition continues with it. */
  @Override
  public Operation cancelled(Operation operation, TenantRecord tenant) {
    return operation.inState(ProvisioningState.CANCELLED.label()).free();
  }
}
