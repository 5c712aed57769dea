package dev.partywall.tenancy;

import java.util.Optional;

/**
 * The tenant that code works for.
 *
 * @param tier the name of its tier; empty in background work and in an operator's request, which
 *     have no token of the tenant
 */
public record Tenant(TenantId id, Optional<String> tier) {
  /** Creates a tenant with a known tier. */
  public Tenant(TenantId id, String tier) {
    this(id, Optional.of(tier));
  }

  /** Creates a tenant without a tier. */
  public Tenant(TenantId id) {
    this(id, Optional.empty());
  }
}
