package dev.partywall.attack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.partywall.http.server.RawClient.RawResponse;
import dev.partywall.observability.log.JsonLogProvider;
import dev.partywall.observability.log.SuiteLog;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

/** The response, log line and audit entry when IAM denies the service's own request. */
@WithAttackFixture
class AccessDeniedResponseTest {
  /** A tenant without audit entries: the audit aggregates frequent entries. */
  private static final String ATTACKER = "quiet";

  private static final JsonMapper JSON = new JsonMapper();

  private final AttackFixture fixture;
  private final SeededTenant target;
  private final Queue<String> lines = new ConcurrentLinkedQueue<>();

  AccessDeniedResponseTest(AttackFixture fixture) {
    this.fixture = fixture;
    this.target = fixture.tenant("acme3");
  }

  private RawResponse ask(String action) throws Exception {
    var unsubscribe = SuiteLog.addListener(lines::add);
    var request =
        ApiRequest.of("POST", BuggyStore.ROUTE)
            .withToken(fixture.tokens().of(ATTACKER, "bob"))
            .withJson(
                "{\"action\":\"%s\",\"tenant\":\"%s\",\"id\":\"1\"}"
                    .formatted(action, target.name()));
    try (var client = new AttackHttpClient(fixture.port())) {
      return client.send(request);
    } finally {
      assertTrue(JsonLogProvider.installedFactory().flush(Duration.ofSeconds(30)));
      unsubscribe.run();
    }
  }

  private List<JsonNode> lines(String logger) throws Exception {
    var found = new java.util.ArrayList<JsonNode>();
    for (var line : lines) {
      var node = JSON.readTree(line);
      if (node.path("logger").asText().equals(logger)
          && node.path("tenant").asText().equals(ATTACKER)) {
        found.add(node);
      }
    }
    return found;
  }

  @Test
  void returnsTheSameResponseAsAnOutage() throws Exception {
    var answer = ask("get");
    assertEquals(503, answer.status());
    assertEquals("2", answer.field("Retry-After").orElseThrow());
    var problem = JSON.readTree(answer.text());
    assertEquals("The database is temporarily unavailable.", problem.path("detail").asText());
    assertFalse(answer.text().contains(target.name()));
  }

  @Test
  void logsAnErrorWithTenantOperationAndResource() throws Exception {
    ask("query");
    var errors = lines("dev.partywall.storage.ErrorMappingDynamo");
    assertEquals(1, errors.size(), errors::toString);
    var error = errors.getFirst();
    assertEquals("ERROR", error.path("level").asText());
    assertEquals(
        "DynamoDB denied Query on %s for tenant quiet: AccessDeniedException"
            .formatted(target.location().table()),
        error.path("message").asText());
    assertEquals("bob", error.path("user").asText());
    assertTrue(error.hasNonNull("traceId"), error::toString);
  }

  @Test
  void writesAnAuditEntry() throws Exception {
    ask("put");
    var entries =
        lines("audit").stream()
            .filter(entry -> entry.path("reason").asText().equals("access-denied"))
            .toList();
    assertEquals(1, entries.size(), lines::toString);
    var entry = entries.getFirst();
    assertEquals("ERROR", entry.path("level").asText());
    assertEquals("bob", entry.path("actor").asText());
    assertEquals("rejected", entry.path("outcome").asText());
    assertEquals("TransactWriteItems", entry.path("action").asText());
    assertEquals(target.location().table(), entry.path("object").asText());
  }
}
