package dev.partywall.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.PartywallProcess;
import dev.partywall.local.LocalDynamo;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Tests the restart of a service with changed placements. */
@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
class PlacementChangeTest {
  private static final String SILO = "{\"globex\":{\"kind\":\"silo\"}}";

  private final ServiceFixture fixture;

  PlacementChangeTest(LocalDynamo dynamo) throws IOException {
    fixture = new ServiceFixture(dynamo);
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void refusesToStartIfAPlacementDiffersFromTheRecordedOne() throws Exception {
    serves(SILO);
    var extended = "{\"globex\":{\"kind\":\"silo\"},\"initech\":{\"kind\":\"pool\",\"shards\":3}}";
    serves(extended);
    var errors = startErrors("{\"initech\":{\"kind\":\"pool\",\"shards\":4}}");
    assertEquals(2, errors.size(), errors::toString);
    assertMismatch(errors.get(0), "globex", "silo", "pool");
    assertMismatch(errors.get(1), "initech", "pool with 3 shards", "pool with 4 shards");
    serves(extended);
  }

  private void serves(String placements) throws Exception {
    try (var service = new PartywallProcess(environment(placements))) {
      service.awaitReady();
    }
  }

  private List<String> startErrors(String placements) throws Exception {
    try (var service = new PartywallProcess(environment(placements))) {
      assertEquals(2, service.awaitExit());
      assertTrue(service.out().stream().noneMatch(line -> line.contains("Listening")));
      return service.err();
    }
  }

  private static void assertMismatch(
      String line, String tenant, String recorded, String configured) {
    var expected =
        "PARTYWALL_PLACEMENTS: "
            + tenant
            + " is recorded in: "
            + recorded
            + ", but configured in: "
            + configured
            + "; move its data, then delete the item";
    assertTrue(line.startsWith(expected), line);
  }

  private Map<String, String> environment(String placements) throws IOException {
    var environment = new HashMap<>(fixture.environment());
    environment.put("PARTYWALL_PLACEMENTS", fixture.createTables(placements).toString());
    return environment;
  }
}
