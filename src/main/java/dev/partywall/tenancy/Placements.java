package dev.partywall.tenancy;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Which tenant lives where: those that are named, as they are placed, and all others in the pool.
 *
 * <p>What is joined to a tenant's id here is joined by a dot, which no tenant id can contain. So no
 * tenant can be given a name that reaches another's shard ({@code acme.0}) or table ({@code
 * partywall-orders.acme}), or one of the service's own tables.
 */
public final class Placements {
  private final String pool;
  private final Map<TenantId, Home> named;
  private final Map<TenantId, Placement> placed;

  /** Tables whose names start with {@code prefix}. */
  public Placements(String prefix, Map<TenantId, Placement> named) {
    this.pool = prefix + "orders";
    this.placed = Map.copyOf(named);
    // Worked out once: where a tenant lives is asked at every call to DynamoDB.
    this.named =
        named.entrySet().stream()
            .collect(
                Collectors.toUnmodifiableMap(
                    Map.Entry::getKey, it -> home(it.getKey(), it.getValue())));
  }

  /** Everybody in the pool. */
  public static Placements pool(String prefix) {
    return new Placements(prefix, Map.of());
  }

  /** Where that tenant lives. */
  public Home homeOf(TenantId tenant) {
    var home = named.get(tenant);
    return home == null ? home(tenant, new Placement.Pool()) : home;
  }

  /** How that tenant is placed. */
  public Placement placementOf(TenantId tenant) {
    return placed.getOrDefault(tenant, new Placement.Pool());
  }

  /** Who is placed by name. */
  public Set<TenantId> named() {
    return placed.keySet();
  }

  /** Every table that these placements need: the pool, and each silo. */
  public SortedSet<String> tables() {
    var tables = new TreeSet<String>();
    tables.add(pool);
    named.values().forEach(home -> tables.add(home.table()));
    return tables;
  }

  private Home home(TenantId tenant, Placement placement) {
    return switch (placement) {
      case Placement.Pool() -> new Home(pool, List.of(tenant.value()));
      case Placement.ShardedPool(int shards) -> new Home(pool, shardsOf(tenant, shards));
      case Placement.Silo() -> new Home(siloOf(tenant), List.of(tenant.value()));
    };
  }

  private String siloOf(TenantId tenant) {
    return pool + "." + tenant;
  }

  private static List<String> shardsOf(TenantId tenant, int shards) {
    return IntStream.range(0, shards).mapToObj(shard -> tenant + "." + shard).toList();
  }
}
