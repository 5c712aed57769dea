package dev.partywall.operations.offboarding;

import dev.partywall.storage.silo.SiloDeletion;
import dev.partywall.tenancy.Placement;
import dev.partywall.tenancy.TenantContext;
import dev.partywall.tenancy.TenantLocations;
import java.util.Optional;

/**
 * The table of the bound tenant.
 *
 * @param silos deletes the tables of silos; empty without a provisioner role
 */
record SiloTable(TenantLocations locations, Optional<SiloDeletion> silos) {
  /** Returns whether the tenant has a table of its own. */
  boolean isOwn() {
    return TenantContext.current().placement() instanceof Placement.Silo;
  }

  /** Returns the name of the table with the tenant's items. */
  String name() {
    return locations.of(TenantContext.current()).table();
  }

  /** Returns whether the table of the silo was never created. */
  boolean isMissing() {
    return isOwn() && !silos.orElseThrow().exists(name());
  }

  /** Makes the next call of the deletion. Returns whether the table does not exist any more. */
  boolean delete() {
    return silos.orElseThrow().advance(name());
  }
}
