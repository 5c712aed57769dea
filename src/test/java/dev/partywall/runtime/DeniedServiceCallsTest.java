package dev.partywall.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.partywall.PartywallProcess;
import dev.partywall.local.LocalDynamo;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The service's own role does not permit its calls. */
@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
class DeniedServiceCallsTest {
  private static final JsonMapper JSON = new JsonMapper();

  @Test
  void logsAndAuditsDeniedCallsOfTheServiceItself(LocalDynamo dynamo) throws Exception {
    try (var fixture = new ServiceFixture(dynamo)) {
      var environment = new HashMap<>(fixture.environment());
      environment.put("PARTYWALL_TABLE_PREFIX", fixture.prefix + "other-");
      var service = new PartywallProcess(environment);
      var table = fixture.prefix + "other-tenants";
      var denied =
          "DynamoDB denied GetItem on " + table + " for tenant none: AccessDeniedException";
      try (service) {
        service.port();
        while (lines(service, "message", denied).isEmpty()) {
          Thread.sleep(20); // until the first poll of the registry
        }
      }
      var entries = lines(service, "object", table); // of the registry's poll and of the instance
      entries.removeIf(line -> !line.path("action").asText().equals("GetItem"));
      var entry = entries.getFirst();
      assertEquals("audit", entry.path("logger").asText());
      assertEquals("access-denied", entry.path("reason").asText());
    }
  }

  private static List<JsonNode> lines(PartywallProcess service, String field, String value)
      throws Exception {
    var lines = new ArrayList<JsonNode>();
    for (var line : service.out()) {
      var node = JSON.readTree(line);
      if (node.path(field).asText().equals(value)) {
        lines.add(node);
      }
    }
    return lines;
  }
}
