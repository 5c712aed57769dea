package dev.partywall.tenancy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.storage.TestPlacements;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TenantLocationsTest {
  private static final TenantId ACME = new TenantId("acme");

  @Test
  void placesTenantsInThePoolByDefault() {
    var placements =
        new TestPlacements("p-orders", Map.of(new TenantId("globex"), new Placement.Silo()));
    assertEquals(new TenantLocation("p-orders", List.of("acme")), placements.locationOf(ACME));
    assertEquals(
        new TenantLocation("p-orders.globex", List.of("globex")),
        placements.locationOf(new TenantId("globex")));
    assertEquals(Set.of("p-orders", "p-orders.globex"), placements.tables());
  }

  @Test
  void eachIncarnationHasOtherPartitionKeysAndAnotherSilo() {
    var silo = new TestPlacements("p-orders", Map.of(ACME, new Placement.Silo()));
    assertEquals(new TenantLocation("p-orders.acme", List.of("acme")), silo.locationOf(ACME, 1));
    assertEquals(
        new TenantLocation("p-orders.acme.2", List.of("acme.i2")), silo.locationOf(ACME, 2));
    var pool = new TestPlacements("p-orders", Map.of());
    assertEquals(new TenantLocation("p-orders", List.of("acme")), pool.locationOf(ACME, 1));
    assertEquals(new TenantLocation("p-orders", List.of("acme.i2")), pool.locationOf(ACME, 2));
    var sharded = new TestPlacements("p-orders", Map.of(ACME, new Placement.ShardedPool(2)));
    assertEquals(
        new TenantLocation("p-orders", List.of("acme.i10.0", "acme.i10.1")),
        sharded.locationOf(ACME, 10));
  }

  @Test
  void listsShards() {
    var placements = new TestPlacements("p-orders", Map.of(ACME, new Placement.ShardedPool(3)));
    assertEquals(
        new TenantLocation("p-orders", List.of("acme.0", "acme.1", "acme.2")),
        placements.locationOf(ACME));
    assertThrows(IllegalArgumentException.class, () -> new Placement.ShardedPool(1));
    assertThrows(IllegalArgumentException.class, () -> new Placement.ShardedPool(17));
  }

  @Test
  void locationHasPartitionKeysAndIsImmutable() {
    assertThrows(IllegalArgumentException.class, () -> new TenantLocation("p-orders", List.of()));
    var keys = new ArrayList<>(List.of("acme"));
    var location = new TenantLocation("p-orders", keys);
    keys.add("globex");
    assertEquals(List.of("acme"), location.partitionKeys());
  }

  @Test
  void noTenantIdMatchesTheLocationOfAnother() {
    var names = List.of("a", "a-0", "a0", "0", "a-", "orders", "tenants", "usage", "orders-a");
    var kinds = List.of(new Placement.Pool(), new Placement.ShardedPool(11), new Placement.Silo());
    var owners = new HashMap<String, String>();
    for (var name : names) {
      for (Placement kind : kinds) {
        var location =
            new TestPlacements("p-orders", Map.of(new TenantId(name), kind))
                .locationOf(new TenantId(name));
        assertTrue(!Set.of("p-tenants", "p-usage").contains(location.table()));
        for (var key : location.partitionKeys()) {
          var owner = owners.putIfAbsent(location.table() + "/" + key, name);
          assertTrue(owner == null || owner.equals(name), () -> name + " and " + owner);
        }
      }
    }
  }

  @Test
  void shardOfAnItemIsStableAndShardsFillEvenly() {
    var location = new TenantLocation("t", List.of("0", "1", "2", "3"));
    assertEquals("1", location.partitionKeyOf("01JD5ZTV4B0000000000000001"));
    var itemsPerShard =
        IntStream.range(0, 4_000)
            .mapToObj(i -> location.partitionKeyOf("01JD5ZTV4B" + Integer.toString(i * 7919, 32)))
            .collect(Collectors.groupingBy(key -> key, Collectors.counting()));
    assertTrue(
        itemsPerShard.values().stream().allMatch(count -> count > 800), itemsPerShard::toString);
  }
}
