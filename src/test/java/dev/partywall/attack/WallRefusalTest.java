package dev.partywall.attack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.partywall.http.RawClient.Answer;
import dev.partywall.observability.JsonLoggerFactory;
import dev.partywall.observability.WholeLog;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The wall refuses what the service itself asks for: who is told what. */
@ExtendWith(SharedHouse.class)
class WallRefusalTest {
  /** A tenant of whom the audit has heard nothing yet: it counts what comes too often. */
  private static final String ME = "quiet";

  private static final JsonMapper JSON = new JsonMapper();

  private final House house;
  private final Resident them;
  private final Queue<String> lines = new ConcurrentLinkedQueue<>();

  WallRefusalTest(House house) {
    this.house = house;
    this.them = house.resident("acme3");
  }

  private Answer ask(String act) throws Exception {
    var listening = WholeLog.tell(lines::add);
    var ask =
        Ask.of("POST", BuggyStore.ROUTE)
            .as(house.tokens().of(ME, "bob"))
            .json("{\"act\":\"%s\",\"of\":\"%s\",\"id\":\"1\"}".formatted(act, them.name()));
    try (var phone = new Phone(house.port())) {
      return phone.ask(ask);
    } finally {
      assertTrue(JsonLoggerFactory.installed().flush(Duration.ofSeconds(30)));
      listening.run();
    }
  }

  private List<JsonNode> lines(String logger) throws Exception {
    var found = new java.util.ArrayList<JsonNode>();
    for (var line : lines) {
      var node = JSON.readTree(line);
      if (node.path("logger").asText().equals(logger) && node.path("tenant").asText().equals(ME)) {
        found.add(node);
      }
    }
    return found;
  }

  @Test
  void theCallerIsToldNoMoreThanAnOutageTells() throws Exception {
    var answer = ask("get");
    assertEquals(503, answer.status());
    assertEquals("2", answer.field("Retry-After").orElseThrow());
    var problem = JSON.readTree(answer.text());
    assertEquals("the data is out of reach at the moment", problem.path("detail").asText());
    assertFalse(answer.text().contains(them.name()));
  }

  @Test
  void anErrorLineNamesTenantOperationAndResource() throws Exception {
    ask("query");
    var errors = lines("dev.partywall.storage.Calls");
    assertEquals(1, errors.size(), errors::toString);
    var error = errors.getFirst();
    assertEquals("ERROR", error.path("level").asText());
    assertEquals(
        "DynamoDB refused Query on %s for tenant quiet: AccessDeniedException"
            .formatted(them.home().table()),
        error.path("message").asText());
    assertEquals("bob", error.path("user").asText());
    assertTrue(error.hasNonNull("traceId"), error::toString);
  }

  @Test
  void theAuditHasIt() throws Exception {
    ask("put");
    var entries =
        lines("audit").stream().filter(it -> it.path("reason").asText().equals("wall")).toList();
    assertEquals(1, entries.size(), lines::toString);
    var entry = entries.getFirst();
    assertEquals("ERROR", entry.path("level").asText());
    assertEquals("bob", entry.path("actor").asText());
    assertEquals("refused", entry.path("outcome").asText());
    assertTrue(entry.toString().contains("TransactWriteItems"), entry::toString);
  }
}
