package dev.partywall.tenancy;

import java.util.Optional;

/**
 * The tenant that code works for.
 *
 * @param tier the name of its tier; empty in background work and in an operator's request, which
 *     have no token of the tenant
 * @param registration its record in the registry; empty for a tenant that is not registered
 */
public record Tenant(TenantId id, Optional<String> tier, Optional<TenantRecord> registration) {
  /** Creates a registered tenant. */
  public Tenant(TenantRecord registration) {
    this(registration.id(), Optional.of(registration.tier()), Optional.of(registration));
  }

  /** Returns the tenant of background work, which has no token. It may not be registered. */
  public static Tenant of(TenantId id, Optional<TenantRecord> registration) {
    return registration.map(Tenant::new).orElseGet(() -> new Tenant(id));
  }

  /** Creates a tenant that is not registered, with a known tier. */
  public Tenant(TenantId id, String tier) {
    this(id, Optional.of(tier), Optional.empty());
  }

  /** Creates a tenant that is not registered, without a tier. */
  public Tenant(TenantId id) {
    this(id, Optional.empty(), Optional.empty());
  }

  /** Returns the placement of the tenant's data. A tenant without registration is in the pool. */
  public Placement placement() {
    return registration.map(TenantRecord::placement).orElse(new Placement.Pool());
  }

  /** Returns the values that differ from the tier. */
  public Overrides overrides() {
    return registration.map(TenantRecord::overrides).orElse(Overrides.NONE);
  }

  /** Returns the revision of the content that its requests read and write. */
  public int contentRevision() {
    return registration.map(TenantRecord::contentRevision).orElse(TenantLocation.FIRST_REVISION);
  }

  /** Returns the incarnation. A tenant without registration has only the first. */
  public int incarnation() {
    return registration.map(TenantRecord::incarnation).orElse(1);
  }
}
