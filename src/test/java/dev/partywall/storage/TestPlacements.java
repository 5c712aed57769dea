package dev.partywall.storage;

import dev.partywall.tenancy.Overrides;
import dev.partywall.tenancy.Placement;
import dev.partywall.tenancy.Tenant;
import dev.partywall.tenancy.TenantId;
import dev.partywall.tenancy.TenantLocation;
import dev.partywall.tenancy.TenantLocations;
import dev.partywall.tenancy.TenantRecord;
import dev.partywall.tenancy.TenantStatus;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The placements of the tenants of a test. Tenants without an explicit placement are in the pool.
 *
 * @param pool the name of the table that tenants share
 * @param contentRevision the revision of the content of each tenant
 */
public record TestPlacements(
    String pool, Map<TenantId, Placement> placements, int contentRevision) {
  private static final Instant CREATED = Instant.parse("2026-01-01T00:00:00Z");

  /** Creates placements of tenants whose content no import has replaced. */
  public TestPlacements(String pool, Map<TenantId, Placement> placements) {
    this(pool, placements, TenantLocation.FIRST_REVISION);
  }

  /** Returns the registration of a tenant in the tier {@code standard}. */
  public TenantRecord registration(TenantId id) {
    return registration(id, placements.getOrDefault(id, new Placement.Pool()))
        .withContentRevision(contentRevision);
  }

  /** Returns the registration of a tenant in the tier {@code standard}, with this placement. */
  public static TenantRecord registration(TenantId id, Placement placement) {
    return new TenantRecord(
        id,
        id.value(),
        "standard",
        TenantStatus.ACTIVE,
        placement,
        Overrides.NONE,
        Set.of(),
        CREATED,
        CREATED,
        1,
        1);
  }

  /** Returns the registered tenant, as business code sees it. */
  public Tenant tenant(TenantId id) {
    return new Tenant(registration(id));
  }

  public TenantLocations locations() {
    return new TenantLocations(pool);
  }

  public TenantLocation locationOf(TenantId id) {
    return locations().of(tenant(id));
  }

  /** Returns the location of an incarnation that is registered with the same placement. */
  public TenantLocation locationOf(TenantId id, int incarnation) {
    return locations().of(new Tenant(incarnation(registration(id), incarnation)));
  }

  /** Returns the first version of another incarnation with the content of {@code former}. */
  public static TenantRecord incarnation(TenantRecord former, int incarnation) {
    return new TenantRecord(
        former.id(),
        former.name(),
        former.tier(),
        TenantStatus.ACTIVE,
        former.placement(),
        former.overrides(),
        former.issuers(),
        former.createdAt(),
        former.createdAt(),
        1,
        incarnation);
  }

  /** Returns the schemas of all tables. */
  public List<Schema> schemas() {
    return tables().stream().map(Schema::ofTenants).toList();
  }

  /** Returns the pool and the table of each silo. */
  public SortedSet<String> tables() {
    var tables = new TreeSet<>(Set.of(pool));
    placements.keySet().forEach(id -> tables.add(locationOf(id).table()));
    return tables;
  }
}
