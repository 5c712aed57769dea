package dev.partywall.tenancy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PlacementsTest {
  private static final TenantId ACME = new TenantId("acme");

  @Test
  void whoIsNotNamedLivesInThePool() {
    var placements = new Placements("p-", Map.of(new TenantId("globex"), new Placement.Silo()));
    assertEquals(new Home("p-orders", List.of("acme")), placements.homeOf(ACME));
    assertEquals(
        new Home("p-orders.globex", List.of("globex")), placements.homeOf(new TenantId("globex")));
    assertEquals(Set.of("p-orders", "p-orders.globex"), placements.tables());
  }

  @Test
  void shardsAreListed() {
    var placements = new Placements("p-", Map.of(ACME, new Placement.ShardedPool(3)));
    assertEquals(
        new Home("p-orders", List.of("acme.0", "acme.1", "acme.2")), placements.homeOf(ACME));
    assertThrows(IllegalArgumentException.class, () -> new Placement.ShardedPool(1));
    assertThrows(IllegalArgumentException.class, () -> new Placement.ShardedPool(17));
  }

  @Test
  void aHomeHasPartitionKeysAndNoneIsAddedLater() {
    assertThrows(IllegalArgumentException.class, () -> new Home("p-orders", List.of()));
    var keys = new ArrayList<>(List.of("acme"));
    var home = new Home("p-orders", keys);
    keys.add("globex");
    assertEquals(List.of("acme"), home.partitionKeys());
  }

  @Test
  void noNameReachesAnothersHome() {
    var names = List.of("a", "a-0", "a0", "0", "a-", "orders", "tenants", "usage", "orders-a");
    var places = List.of(new Placement.Pool(), new Placement.ShardedPool(11), new Placement.Silo());
    var taken = new HashMap<String, String>();
    for (var name : names) {
      for (Placement place : places) {
        var home =
            new Placements("p-", Map.of(new TenantId(name), place)).homeOf(new TenantId(name));
        assertTrue(!Set.of("p-tenants", "p-usage").contains(home.table()));
        for (var key : home.partitionKeys()) {
          var owner = taken.putIfAbsent(home.table() + "/" + key, name);
          assertTrue(owner == null || owner.equals(name), () -> name + " and " + owner);
        }
      }
    }
  }

  @Test
  void anItemsShardNeverChangesAndTheShardsFillEvenly() {
    var home = new Home("t", List.of("0", "1", "2", "3"));
    assertEquals("1", home.partitionKeyOf("01JD5ZTV4B0000000000000001"));
    var fill =
        IntStream.range(0, 4_000)
            .mapToObj(i -> home.partitionKeyOf("01JD5ZTV4B" + Integer.toString(i * 7919, 32)))
            .collect(Collectors.groupingBy(it -> it, Collectors.counting()));
    assertTrue(fill.values().stream().allMatch(count -> count > 800), fill::toString);
  }
}
