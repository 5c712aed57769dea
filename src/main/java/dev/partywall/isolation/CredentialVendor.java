package dev.partywall.isolation;

import dev.partywall.tenancy.Home;
import dev.partywall.tenancy.TenantId;

/** Makes credentials that reach one tenant's items and nothing else. */
@FunctionalInterface
public interface CredentialVendor {
  /**
   * New credentials for a tenant that lives there. Answers or fails within seconds.
   *
   * @throws VendingFailed when there are none to be had now
   */
  TenantSession vend(TenantId tenant, Home home);
}
