package dev.partywall.tenancy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.partywall.error.Faults;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlacementsFileTest {
  private final Faults faults = new Faults();

  @Test
  void readsPlacements() {
    var placements =
        parse(
            """
            {"globex":{"kind":"silo"},"initech":{"kind":"pool","shards":4},
             "acme":{"kind":"pool"},"hooli":{"kind":"pool","shards":1}}\
            """);
    assertEquals(List.of(), faults.lines());
    assertEquals(
        Map.of(
            new TenantId("globex"), new Placement.Silo(),
            new TenantId("initech"), new Placement.ShardedPool(4),
            new TenantId("acme"), new Placement.Pool(),
            new TenantId("hooli"), new Placement.Pool()),
        placements);
    assertEquals(Map.of(), parse("{}"));
  }

  @Test
  void reportsAllFaultsTogether() {
    var placements =
        parse(
            """
            {"Globex/":{"kind":"silo"},"a":{"kind":"pond"},"b":{},"c":7,
             "d":{"kind":"pool","shards":17},"e":{"kind":"pool","shards":"4"},
             "f":{"kind":"silo","shards":4},"g":{"kind":"pool","shard":4},"h":{"kind":"silo"},
             "i":{"kind":"pool","shards":0},"j":{"kind":"pool","shards":2.0}}\
            """);
    assertEquals(
        List.of(
            "/Globex~1: not a tenant id",
            "/a/kind: must be pool or silo",
            "/b/kind: must be pool or silo",
            "/c/kind: must be pool or silo",
            "/d/shards: must be from 1 to 16",
            "/e/shards: must be an integer, written without fraction or exponent",
            "/f/shards: is permitted only for the kind pool",
            "/g/shard: is unknown; known: kind, shards",
            "/i/shards: must be from 1 to 16",
            "/j/shards: must be an integer, written without fraction or exponent"),
        faults.lines());
    assertEquals(new Placement.Silo(), placements.get(new TenantId("h")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "[]", "null", "{\"a\":{\"kind\":\"silo\"},\"a\":{}}", "{} {}"})
  void rejectsContentThatIsNotOneJsonObject(String content) {
    assertEquals(Map.of(), parse(content));
    assertEquals(1, faults.lines().size());
  }

  private Map<TenantId, Placement> parse(String content) {
    return PlacementsFile.parse(content.getBytes(StandardCharsets.UTF_8), faults);
  }
}
