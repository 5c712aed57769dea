package dev.partywall.tenancy;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The placements of all tenants. Tenants without an explicit placement are in the pool.
 *
 * <p>Names are composed with a dot, which a tenant id cannot contain. Therefore no tenant id can
 * match the shard ({@code acme.0}) or the table ({@code partywall-orders.acme}) of another tenant,
 * or a table of the service itself.
 */
public final class Placements {
  private final String pool;
  private final Map<TenantId, TenantLocation> locations;
  private final Map<TenantId, Placement> placements;

  /**
   * Creates placements.
   *
   * @param pool the name of the table that tenants share; a silo's table has it as its prefix
   * @param named the explicit placements
   */
  public Placements(String pool, Map<TenantId, Placement> named) {
    this.pool = pool;
    this.placements = Map.copyOf(named);
    // Precomputed, because every call to DynamoDB needs the location.
    this.locations =
        named.entrySet().stream()
            .collect(
                Collectors.toUnmodifiableMap(
                    Map.Entry::getKey, entry -> location(entry.getKey(), entry.getValue())));
  }

  /** Returns the location of a tenant. */
  public TenantLocation locationOf(TenantId tenant) {
    var location = locations.get(tenant);
    return location == null ? location(tenant, new Placement.Pool()) : location;
  }

  /** Returns the placement of a tenant. */
  public Placement placementOf(TenantId tenant) {
    return placements.getOrDefault(tenant, new Placement.Pool());
  }

  /** Returns the tenants with an explicit placement. */
  public Set<TenantId> namedTenants() {
    return placements.keySet();
  }

  /** Returns the tables of all placements: the pool and each silo. */
  public SortedSet<String> tables() {
    var tables = new TreeSet<String>();
    tables.add(pool);
    locations.values().forEach(location -> tables.add(location.table()));
    return tables;
  }

  private TenantLocation location(TenantId tenant, Placement placement) {
    return switch (placement) {
      case Placement.Pool() -> new TenantLocation(pool, List.of(tenant.value()));
      case Placement.ShardedPool(int shards) -> new TenantLocation(pool, shardsOf(tenant, shards));
      case Placement.Silo() -> new TenantLocation(siloOf(tenant), List.of(tenant.value()));
    };
  }

  private String siloOf(TenantId tenant) {
    return pool + "." + tenant;
  }

  private static List<String> shardsOf(TenantId tenant, int shards) {
    return IntStream.range(0, shards).mapToObj(shard -> tenant + "." + shard).toList();
  }
}
