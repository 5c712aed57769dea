package dev.partywall.tenancy;

import java.util.Optional;

/**
 * The registered tenants, as this instance knows them. A change reaches every instance within 5 s.
 * The record of an active tenant is in memory; a request for it makes no call.
 */
public interface TenantDirectory {
  /**
   * Returns the record of a tenant; empty if no tenant with that id is registered.
   *
   * @throws dev.partywall.error.ApiException as {@code Unavailable} if the tenant is not in memory
   *     and the registry cannot be read
   */
  Optional<TenantRecord> find(TenantId id);

  /**
   * Returns whether some tenant names the issuer. Such an issuer can assert only tenants that name
   * it.
   */
  boolean isNamedByTenant(String issuer);
}
