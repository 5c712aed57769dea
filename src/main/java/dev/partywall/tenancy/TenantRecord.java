package dev.partywall.tenancy;

import java.time.Instant;
import java.util.Set;

/**
 * The record of a tenant in the registry.
 *
 * @param name the name for people; 1 to 200 characters
 * @param tier the name of its tier
 * @param issuers the issuers whose tokens reach the tenant; empty for every trusted issuer that no
 *     tenant names
 * @param version starts at 1 and increases with each change
 * @param incarnation starts at 1 and increases when a deleted id is registered again
 */
public record TenantRecord(
    TenantId id,
    String name,
    String tier,
    TenantStatus status,
    Placement placement,
    Overrides overrides,
    Set<String> issuers,
    Instant createdAt,
    Instant updatedAt,
    long version,
    int incarnation) {
  /** Copies the set, which makes the record immutable. */
  public TenantRecord {
    issuers = Set.copyOf(issuers);
  }
}
