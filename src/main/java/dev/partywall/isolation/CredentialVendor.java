package dev.partywall.isolation;

import dev.partywall.tenancy.Home;
import dev.partywall.tenancy.TenantId;

/** Issues credentials that are limited to the items of one tenant. */
@FunctionalInterface
public interface CredentialVendor {
  /**
   * Issues new credentials for a tenant at a location. Returns or fails within seconds.
   *
   * @throws VendingFailed if no credentials can be issued at the moment
   */
  TenantSession vend(TenantId tenant, Home location);
}
