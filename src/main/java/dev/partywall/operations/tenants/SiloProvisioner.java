package dev.partywall.operations.tenants;

import dev.partywall.tenancy.TenantRecord;

/** Creates the own table of a tenant that is placed in a silo. */
@FunctionalInterface
public interface SiloProvisioner {
  /**
   * Starts to create the table, and returns at once. The tenant is registered already, with status
   * {@code provisioning}. An instance that ends before or during this call must not prevent the
   * creation, so the provisioner also finds such tenants by itself.
   */
  void start(TenantRecord tenant);
}
