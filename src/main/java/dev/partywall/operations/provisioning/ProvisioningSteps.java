package dev.partywall.operations.provisioning;

import dev.partywall.operations.lifecycle.FailedOperation;
import dev.partywall.operations.lifecycle.OperationAudit;
import dev.partywall.operations.lifecycle.OperationSteps;
import dev.partywall.operations.lifecycle.OwnedOperation;
import dev.partywall.storage.Schema;
import dev.partywall.storage.silo.SiloTableException;
import dev.partywall.storage.silo.SiloTables;
import dev.partywall.storage.silo.SiloTables.Progress;
import dev.partywall.tenancy.OperationKind;
import dev.partywall.tenancy.Tenant;
import dev.partywall.tenancy.TenantLocations;
import dev.partywall.tenancy.TenantRecord;
import dev.partywall.tenancy.TenantStatus;
import dev.partywall.tenancy.registry.Operation;
import dev.partywall.tenancy.registry.OperationStore.Document;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Creates the table of a tenant in a silo, and then activates the tenant. Each step reads the state
 * of the table and performs its first missing part, so a new owner continues where the former one
 * ended, and an earlier attempt is continued. The stored state is only for operators.
 *
 * @param tables creates the tables
 * @param locations names the tables
 * @param isEmpty returns whether the table contains no item of the bound tenant
 * @param audit receives an entry for each new state, and for the end
 */
public record ProvisioningSteps(
    SiloTables tables,
    TenantLocations locations,
    BooleanSupplier isEmpty,
    OperationAudit audit,
    InstantSource clock)
    implements OperationSteps {
  private static final String ACTION = "POST /tenants";

  @Override
  public OperationKind kind() {
    return OperationKind.PROVISIONING;
  }

  @Override
  public Step step(OwnedOperation owned) {
    audit.requireCapacity();
    if (owned.operation().state().equals(ProvisioningState.CANCELLED.label())) {
      return fail(owned, "The operation was cancelled.");
    }
    // The calls have no condition on the owner: a late one could create the table of a tenant that
    // another owner has provisioned, and that is deleted already.
    owned.requireCurrent();
    try {
      var progress = tables.advance(schema(owned.tenant()));
      return progress == Progress.COMPLETE ? activate(owned) : record(owned, progress);
    } catch (SiloTableException e) {
      return fail(owned, e.reason());
    }
  }

  private Schema schema(TenantRecord tenant) {
    return Schema.ofTenants(locations.of(new Tenant(tenant)).table());
  }

  /** An unchanged state means that the step waits for DynamoDB. */
  private Step record(OwnedOperation owned, Progress progress) {
    var state = ProvisioningState.of(progress).label();
    if (state.equals(owned.operation().state()) && progress != Progress.CREATING) {
      owned.renew();
      return Step.WAIT;
    }
    owned.save(owned.operation().inState(state));
    audit(owned, "proceeded", "state", state);
    // A description can lag behind the creation: the next call would create the table again.
    return progress == Progress.CREATING ? Step.WAIT : Step.CONTINUE;
  }

  /** An existing table, such as a restored one, can have the name and the keys of a silo. */
  private Step activate(OwnedOperation owned) {
    if (!isEmpty.getAsBoolean()) {
      return fail(owned, "The table contains items of the tenant already.");
    }
    if (!end(owned, TenantStatus.ACTIVE, List.of())) {
      return Step.CONTINUE;
    }
    audit(owned, "done", "status", TenantStatus.ACTIVE.label());
    return Step.ENDED;
  }

  private Step fail(OwnedOperation owned, String reason) {
    var failure = FailedOperation.document(owned.operation(), reason);
    if (!end(owned, TenantStatus.FAILED, List.of(failure))) {
      return Step.CONTINUE;
    }
    audit(owned, "failed", "reason", reason);
    return Step.ENDED;
  }

  private void audit(OwnedOperation owned, String outcome, String name, String value) {
    var details = new LinkedHashMap<String, String>();
    details.put("operation", owned.operation().kind().label());
    details.put(name, value);
    audit.record(ACTION, "/tenants/" + owned.tenant().id(), outcome, details);
  }

  /** A record that was changed meanwhile, such as a new name, is read again by the next step. */
  private boolean end(OwnedOperation owned, TenantStatus status, List<Document> documents) {
    var now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    return owned.end(owned.tenant().withStatus(status, now), documents);
  }

  /** The tenant becomes {@code failed}. The table remains, and a repetition continues with it. */
  @Override
  public Operation cancelled(Operation operation, TenantRecord tenant) {
    return operation.inState(ProvisioningState.CANCELLED.label()).free();
  }
}
