package dev.partywall.metering.commands;

import dev.partywall.metering.meter.MeteredTenant;
import dev.partywall.tenancy.OperationKind;
import dev.partywall.tenancy.TenantId;
import dev.partywall.tenancy.TenantRecord;
import dev.partywall.tenancy.TenantStatus;
import dev.partywall.tenancy.registry.DocumentNames;
import dev.partywall.tenancy.registry.Operation;
import dev.partywall.tenancy.registry.OperationStore;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Determines which hours of a tenant have the count markers of all their writes. An import restores
 * no markers, and a deletion removes them. The bill stays in the ledger in both cases.
 */
public final class ComparableHours {
  private static final Set<String> STATES_BEFORE_DELETION =
      Set.of("retention", "barrier", "counting");

  private final Function<TenantId, Optional<TenantRecord>> registry;
  private final OperationStore operations;

  /**
   * The hours that cannot be compared.
   *
   * @param before they start before this time
   */
  record Incomparable(Instant before, String reason) {}

  /**
   * Creates the rule.
   *
   * @param registry returns the record of a tenant, if it is registered
   * @param operations have the times of the imports
   */
  public ComparableHours(
      Function<TenantId, Optional<TenantRecord>> registry, OperationStore operations) {
    this.registry = registry;
    this.operations = operations;
  }

  /** Returns whether the registry contains the tenant in this incarnation or a later one. */
  boolean isRegistered(MeteredTenant tenant) {
    return registry
        .apply(tenant.id())
        .filter(registered -> registered.incarnation() >= tenant.incarnation())
        .isPresent();
  }

  /** Returns the hours of the tenant that cannot be compared; empty if all can. */
  Optional<Incomparable> incomparable(MeteredTenant tenant) {
    var registered = registry.apply(tenant.id());
    if (registered.filter(found -> isDeleted(tenant, found)).isPresent()) {
      return Optional.of(new Incomparable(Instant.MAX, "the tenant's data is deleted"));
    }
    return tenant.incarnation() > registered.map(TenantRecord::incarnation).orElse(1)
        ? Optional.of(new Incomparable(Instant.MAX, "not in the registry"))
        : newestImport(tenant).map(at -> new Incomparable(at, "imported at " + at));
  }

  private boolean isDeleted(MeteredTenant tenant, TenantRecord registered) {
    return registered.isDeleted(tenant.incarnation())
        || (registered.status() == TenantStatus.OFFBOARDING
            && operations.find(tenant.id()).filter(ComparableHours::isDeleting).isPresent());
  }

  private static boolean isDeleting(Operation operation) {
    return operation.kind() == OperationKind.OFFBOARDING
        && !STATES_BEFORE_DELETION.contains(operation.state());
  }

  private Optional<Instant> newestImport(MeteredTenant tenant) {
    return operations
        .document(tenant.id(), DocumentNames.imported(tenant.incarnation()))
        .map(document -> document.get("at"))
        .map(Instant::parse);
  }
}
