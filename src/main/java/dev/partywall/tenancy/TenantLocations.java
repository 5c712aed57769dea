package dev.partywall.tenancy;

import java.util.List;
import java.util.stream.IntStream;

/**
 * Computes the location of a tenant's data from its placement.
 *
 * <p>Names are composed with a dot, which a tenant id cannot contain. Therefore no tenant id can
 * match the shard ({@code acme.0}), the incarnation ({@code acme.i2}) or the table ({@code
 * partywall-orders.acme}) of another tenant, or a table of the service itself.
 *
 * @param pool the name of the table that tenants share; a silo's table has it as its prefix
 */
public record TenantLocations(String pool) {
  /** Returns the location of a tenant with its registered placement. */
  public TenantLocation of(Tenant tenant) {
    var key = partitionKeyOf(tenant);
    var revision = tenant.contentRevision();
    return switch (tenant.placement()) {
      case Placement.Pool() -> new TenantLocation(pool, List.of(key), revision);
      case Placement.ShardedPool(int shards) ->
          new TenantLocation(pool, shardsOf(key, shards), revision);
      case Placement.Silo() -> new TenantLocation(siloOf(tenant), List.of(key), revision);
    };
  }

  /**
   * Each incarnation has another table. A late call for the former table, such as its deletion,
   * therefore never reaches the present one.
   */
  private String siloOf(Tenant tenant) {
    var name = pool + "." + tenant.id();
    return tenant.incarnation() == 1 ? name : name + "." + tenant.incarnation();
  }

  /**
   * Each incarnation has other partition keys. AWS accepts the sessions of the former one until
   * they expire, and their policies allow none of the present keys.
   */
  private static String partitionKeyOf(Tenant tenant) {
    var id = tenant.id().value();
    return tenant.incarnation() == 1 ? id : id + ".i" + tenant.incarnation();
  }

  private static List<String> shardsOf(String key, int shards) {
    return IntStream.range(0, shards).mapToObj(shard -> key + "." + shard).toList();
  }
}
