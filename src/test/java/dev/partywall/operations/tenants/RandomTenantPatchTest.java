package dev.partywall.operations.tenants;

import static dev.partywall.operations.tenants.TenantsFixture.ACME;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.partywall.json.Json;
import dev.partywall.local.LocalDynamo;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
class RandomTenantPatchTest {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private TenantsFixture tenants;

  @BeforeEach
  void start(LocalDynamo dynamo) throws IOException {
    tenants = new TenantsFixture(dynamo);
  }

  @AfterEach
  void stop() throws IOException {
    tenants.close();
  }

  /** The oracle determines the expected result from the response to the previous patch. */
  @Test
  void appliesRandomPatchesAsTheStandardSpecifies() {
    var random = new Random(12);
    var before = tenants.post(ACME).json();
    var changes = 0;
    for (var i = 0; i < 100; i++) {
      var patch = patch(random);
      var version = before.get("version").intValue();
      var response = tenants.patch("acme", "\"" + version + "\"", patch.toString());
      var after = response.json();
      assertEquals(expected(before, patch), MergeOracle.paths(content(after)), patch::toString);
      var isChanged = !content(before).equals(content(after));
      assertEquals(isChanged ? version + 1 : version, after.get("version").intValue());
      changes += isChanged ? 1 : 0;
      before = after;
    }
    assertTrue(changes > 50 && changes < 100, changes + " patches had an effect");
  }

  private static ObjectNode content(JsonNode tenant) {
    return ((ObjectNode) tenant.deepCopy())
        .retain("name", "tier", "status", "overrides", "issuers");
  }

  private static Map<String, String> expected(JsonNode before, JsonNode patch) {
    var paths = MergeOracle.patch(content(before), patch);
    paths.putIfAbsent("/overrides", "{}");
    paths.putIfAbsent("/issuers", "[]");
    if (paths.keySet().stream().noneMatch(path -> path.startsWith("/overrides/features/"))) {
      paths.remove("/overrides/features");
    }
    return paths;
  }

  private static ObjectNode patch(Random random) {
    var patch = JSON.objectNode();
    set(random, patch, "name", List.of("\"A\"", "\"B\""));
    set(random, patch, "tier", List.of("\"free\"", "\"wide\"", "\"dedicated\""));
    set(random, patch, "status", List.of("\"active\"", "\"suspended\""));
    set(random, patch, "issuers", List.of("null", "[]", "[\"https://idp0.example\"]"));
    if (random.nextInt(8) == 0) {
      patch.putNull("overrides");
    } else if (random.nextBoolean()) {
      overrides(random, patch.putObject("overrides"));
    }
    return patch;
  }

  private static void overrides(Random random, ObjectNode overrides) {
    set(random, overrides, "weight", List.of("null", "1", "2"));
    set(random, overrides, "burst", List.of("null", "1", "2"));
    for (var limit : List.of("requestsPerSecond", "inFlight", "monthlyRequests")) {
      set(random, overrides, limit, List.of("null", "1", "2", "\"unlimited\""));
    }
    if (random.nextInt(8) == 0) {
      overrides.putNull("features");
    } else if (random.nextBoolean()) {
      var features = overrides.putObject("features");
      set(random, features, "order-notes", List.of("null", "true", "false"));
      set(random, features, "order-export", List.of("null", "true", "false"));
    }
  }

  /** Sets a member in one of three cases. */
  private static void set(Random random, ObjectNode object, String name, List<String> values) {
    if (random.nextInt(3) == 0) {
      object.set(name, Json.parseStored(values.get(random.nextInt(values.size()))));
    }
  }
}
