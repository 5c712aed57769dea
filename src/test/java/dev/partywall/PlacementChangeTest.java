package dev.partywall;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.local.LocalDynamo;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A service is started anew, with other placements than before. */
@ExtendWith(LocalDynamo.Shared.class)
class PlacementChangeTest {
  private static final String SILO = "{\"globex\":{\"kind\":\"silo\"}}";

  private final Premises premises;

  PlacementChangeTest(LocalDynamo dynamo) throws IOException {
    premises = new Premises(dynamo);
  }

  @AfterEach
  void close() {
    premises.close();
  }

  @Test
  void whoIsToLiveElsewhereThanItsDataStopsTheStart() throws Exception {
    serves(SILO);
    var more = "{\"globex\":{\"kind\":\"silo\"},\"initech\":{\"kind\":\"pool\",\"shards\":3}}";
    serves(more);
    var told = refuses("{\"initech\":{\"kind\":\"pool\",\"shards\":4}}");
    assertEquals(2, told.size(), told::toString);
    assertTold(told.get(0), "globex", "silo", "pool");
    assertTold(told.get(1), "initech", "pool with 3 shards", "pool with 4 shards");
    serves(more);
  }

  private void serves(String placements) throws Exception {
    try (var service = new OwnProcess(environment(placements))) {
      service.awaitReady();
    }
  }

  private List<String> refuses(String placements) throws Exception {
    try (var service = new OwnProcess(environment(placements))) {
      assertEquals(2, service.awaitEnd());
      assertTrue(service.out().stream().noneMatch(line -> line.contains("listening")));
      return service.err();
    }
  }

  private static void assertTold(String line, String tenant, String before, String now) {
    var expected =
        "PARTYWALL_PLACEMENTS: "
            + tenant
            + " lives in: "
            + before
            + ", and not in: "
            + now
            + "; move its data, then delete the item";
    assertTrue(line.startsWith(expected), line);
  }

  private Map<String, String> environment(String placements) throws IOException {
    var environment = new HashMap<>(premises.environment());
    environment.put("PARTYWALL_PLACEMENTS", premises.build(placements).toString());
    return environment;
  }
}
