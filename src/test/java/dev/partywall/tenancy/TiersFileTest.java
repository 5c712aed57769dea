package dev.partywall.tenancy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.partywall.error.Faults;
import dev.partywall.tenancy.Limits.Rate;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TiersFileTest {
  private final Faults faults = new Faults();

  @Test
  void readsTiersThatReplaceTheBuiltInOnes() {
    var tiers =
        parse(
            """
            {"free":{},
             "gold":{"weight":100,"requestsPerSecond":7,"burst":9,"inFlight":3,
               "monthlyRequests":1000000000000,"placement":{"kind":"pool","shards":4},
               "features":{"order-notes":true,"exports":false}},
             "a-tier-with-a-name-of-32-chars-0":{"placement":{"kind":"silo"},"inFlight":1}}
            """);
    assertEquals(List.of(), faults.lines());
    assertEquals(Set.of("free", "gold", "a-tier-with-a-name-of-32-chars-0"), tiers.names());
    assertEquals(new Tier("free", Limits.NONE, Optional.empty(), Map.of()), tiers.of("free"));
    assertEquals(
        new Tier(
            "gold",
            new Limits(
                100,
                Optional.of(new Rate(7, 9)),
                OptionalLong.of(3),
                OptionalLong.of(1_000_000_000_000L)),
            Optional.of(new Placement.ShardedPool(4)),
            Map.of("order-notes", true, "exports", false)),
        tiers.of("gold"));
    assertEquals(
        new Tier(
            "a-tier-with-a-name-of-32-chars-0",
            new Limits(1, Optional.empty(), OptionalLong.of(1), OptionalLong.empty()),
            Optional.of(new Placement.Silo()),
            Map.of()),
        tiers.of("a-tier-with-a-name-of-32-chars-0"));
  }

  @Test
  void reportsAllFaultsTogether() {
    var tiers =
        parse(
            """
            {"Gold":{},"a":7,"b":{"weigth":1},"a-tier-with-a-name-of-33-chars-00":{},
             "c":{"weight":101,"inFlight":0,"monthlyRequests":"unlimited"},
             "d":{"requestsPerSecond":1},"e":{"burst":1},
             "f":{"requestsPerSecond":1000001,"burst":1.5},
             "g":{"placement":{"kind":"silo","shards":2}},"h":{"placement":"silo"},
             "i":{"features":{"exports":1,"imports":true}},"j":{"features":["exports"]},
             "k":{"weight":null}}
            """);
    var name = ": must be a name of 1 to 32 characters of a-z, 0-9 and -, and start with a letter";
    var known = "burst, features, inFlight, monthlyRequests, placement, requestsPerSecond, weight";
    assertEquals(
        List.of(
            "/free: is required",
            "/Gold" + name,
            "/a: must be an object",
            "/b/weigth: is unknown; known: " + known,
            "/a-tier-with-a-name-of-33-chars-00" + name,
            "/c/weight: must be from 1 to 100",
            "/c/inFlight: must be from 1 to 1000000",
            "/c/monthlyRequests: must be an integer, written without fraction or exponent",
            "/d/burst: is required together with requestsPerSecond",
            "/e/requestsPerSecond: is required together with burst",
            "/f/requestsPerSecond: must be from 1 to 1000000",
            "/f/burst: must be an integer, written without fraction or exponent",
            "/g/placement/shards: is permitted only for the kind pool",
            "/h/placement/kind: must be pool or silo",
            "/i/features/imports: is unknown; known: exports, order-notes",
            "/i/features/exports: must be true or false",
            "/j/features: must be an object",
            "/k/weight: must be an integer, written without fraction or exponent"),
        faults.lines());
    assertEquals(Tiers.BUILT_IN, tiers);
    assertEquals("/free", faults.list().getFirst().pointer());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "[]", "null", "{\"free\":{},\"free\":{}}", "{} {}"})
  void rejectsContentThatIsNotOneJsonObject(String content) {
    assertEquals(Tiers.BUILT_IN, parse(content));
    assertFalse(faults.isEmpty());
  }

  private Tiers parse(String content) {
    var features = Set.of("order-notes", "exports");
    return TiersFile.parse(content.getBytes(StandardCharsets.UTF_8), features, faults);
  }
}
