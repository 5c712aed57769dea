package dev.partywall.attack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.partywall.http.server.RawClient.RawResponse;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Responses for another tenant's order and for an order that does not exist are the same. */
@WithAttackFixture
class IndistinguishableResponsesTest {
  private static final String NONEXISTENT = "01J00000000000000000000000";
  private static final int MAX_OBSERVATIONS = 5;

  private final AttackFixture fixture;

  IndistinguishableResponsesTest(AttackFixture fixture) {
    this.fixture = fixture;
  }

  /** The response and the DynamoDB calls, with the order id removed. */
  private record Observation(int status, List<String> header, String body, List<String> calls) {
    boolean isRepetition() {
      return calls.size() > 1 && calls.stream().distinct().count() == 1;
    }
  }

  /**
   * Observes a request. On a busy machine, the SDK repeats a call whose response is late; such a
   * request is sent again. A request that always makes a call twice is still observed as that.
   */
  private Observation observe(AttackScene scene, String method, String id) {
    var observed = observeOnce(scene, method, id);
    for (var i = 1; i < MAX_OBSERVATIONS && observed.isRepetition(); i++) {
      observed = observeOnce(scene, method, id);
    }
    return observed;
  }

  private Observation observeOnce(AttackScene scene, String method, String id) {
    var recorder = fixture.aws().aws().recorder();
    recorder.clear();
    var request = scene.request(method, "/orders/" + id);
    var complete =
        method.equals("PUT")
            ? request.withHeader("If-Match: *").withJson(scene.attacker().orderJson())
            : request;
    try (var client = new AttackHttpClient(fixture.port())) {
      var answer = client.send(complete);
      return new Observation(answer.status(), header(answer), body(answer, id), calls());
    }
  }

  /** Returns the header field names in order, each with its length: the date itself may differ. */
  private static List<String> header(RawResponse answer) {
    return answer.headerLines().stream()
        .map(line -> line.substring(0, line.indexOf(':')) + " " + line.length())
        .toList();
  }

  private static String body(RawResponse answer, String id) {
    return answer
        .text()
        .replace(id, "[id]")
        .replaceFirst("\"traceId\":\"[0-9a-f]{32}\"", "\"traceId\":\"[trace]\"");
  }

  /**
   * Returns the tenant's calls except queries, because its orders are counted in the background.
   */
  private List<String> calls() {
    var role = fixture.aws().template().name("TenantRole");
    return fixture.aws().aws().recorder().decisions().stream()
        .filter(decision ->
            decision.principal().contains(role) && !decision.action().equals("dynamodb:Query"))
        .map(decision -> decision.principal() + " " + decision.action() + " " + decision.resource())
        .toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "HEAD", "PUT", "DELETE"})
  void returnsTheSameResponseForForeignAndNonexistentOrders(String method) {
    for (var scene : AttackWorkers.scenes(fixture)) {
      var nonexistent = observe(scene, method, NONEXISTENT);
      for (var id :
          List.of(scene.target().orderIds().getFirst(), scene.target().orderIds().getLast())) {
        assertEquals(nonexistent, observe(scene, method, id));
      }
      assertEquals(404, nonexistent.status());
      assertEquals(1, nonexistent.calls().size(), nonexistent::toString);
    }
  }

  @Test
  void theComparisonDetectsADifference() {
    var tenant = fixture.tenants().getFirst();
    var scene = new AttackScene(fixture, tenant, tenant, new SplittableRandom(1));
    assertNotEquals(
        observe(scene, "GET", NONEXISTENT), observe(scene, "GET", tenant.orderIds().getFirst()));
  }
}
