package dev.partywall.operations.tenants;

import dev.partywall.tenancy.Overrides;
import dev.partywall.tenancy.Placement;
import dev.partywall.tenancy.TenantId;
import dev.partywall.tenancy.TenantRecord;
import dev.partywall.tenancy.TenantStatus;
import java.time.Instant;
import java.util.Set;

/** The part of a tenant's record that an operator specifies. */
record TenantContent(
    String name, String tier, Placement placement, Overrides overrides, Set<String> issuers) {
  /** Copies the set, which makes the record immutable. */
  TenantContent {
    issuers = Set.copyOf(issuers);
  }

  /** Returns the content of a record. */
  static TenantContent of(TenantRecord tenant) {
    return new TenantContent(
        tenant.name(), tenant.tier(), tenant.placement(), tenant.overrides(), tenant.issuers());
  }

  /** Returns the first version of a tenant with this content. */
  TenantRecord create(TenantId id, int incarnation, Instant createdAt) {
    return new TenantRecord(
        id,
        name,
        tier,
        placement instanceof Placement.Silo ? TenantStatus.PROVISIONING : TenantStatus.ACTIVE,
        placement,
        overrides,
        issuers,
        createdAt,
        createdAt,
        1,
        incarnation);
  }

  /**
   * Returns the next version of a tenant, with this content and status; the same record if neither
   * differs.
   */
  TenantRecord replace(TenantRecord tenant, TenantStatus status, Instant updatedAt) {
    if (status == tenant.status() && equals(of(tenant))) {
      return tenant;
    }
    return tenant.withContent(name, tier, overrides, issuers, status, updatedAt);
  }
}
