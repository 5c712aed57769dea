package dev.partywall.isolation;

import dev.partywall.tenancy.TenantId;
import dev.partywall.tenancy.TenantLocation;

/** Issues credentials that are limited to the items of one tenant. */
@FunctionalInterface
public interface CredentialIssuer {
  /**
   * Issues new credentials for a tenant at a location. Returns or fails within seconds.
   *
   * @throws IssuingFailedException if no credentials can be issued at the moment
   */
  TenantSession issue(TenantId tenant, TenantLocation location);
}
