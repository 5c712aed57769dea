package dev.partywall.attack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.http.server.RawClient.RawResponse;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Attacks every operators' route that the running service describes. */
@WithAttackFixture
class OperatorRouteAttacksTest {
  private static final int TOKEN_KINDS = 11;

  private final AttackFixture fixture;
  private final List<DescribedRoute> routes;

  OperatorRouteAttacksTest(AttackFixture fixture) {
    this.fixture = fixture;
    this.routes = DescribedRoute.readAll(fixture);
  }

  /** Each tenant attacks one other tenant. */
  private List<AttackScene> scenes() {
    var attackers = new HashSet<SeededTenant>();
    return AttackWorkers.scenes(fixture).stream()
        .filter(scene -> attackers.add(scene.attacker()))
        .toList();
  }

  private List<DescribedRoute> operatorsRoutes() {
    return routes.stream().filter(DescribedRoute::isForOperators).toList();
  }

  @Test
  void theRoutesOfTheRegistryAreAmongTheAttackedOnes() {
    var labels = operatorsRoutes().stream().map(DescribedRoute::label).toList();
    assertTrue(
        labels.containsAll(
            List.of(
                "GET /tenants",
                "POST /tenants",
                "GET /tenants/{id}",
                "PATCH /tenants/{id}",
                "GET /tenants/{id}/usage",
                "GET /usage/tenants")),
        labels::toString);
  }

  @Test
  void blocksEveryTokenButAnOperatorsOnEveryRoute() throws Exception {
    var attacks = fixture.operatorRoutes();
    var reads = operatorsRoutes().stream().filter(route -> route.method().equals("GET")).count();
    assertEquals((operatorsRoutes().size() + reads) * TOKEN_KINDS, attacks.size());
    var before = fixture.findings().attempts();
    AttackWorkers.runAttacks(fixture, scenes(), attacks);
    fixture.checkTables();
    assertEquals(List.of(), List.copyOf(fixture.findings().reported()));
    assertEquals(10L * attacks.size(), fixture.findings().attempts() - before);
  }

  /** A route with another scope would be missing from the attacks. */
  @Test
  void exactlyTheRoutesWithAnOperatorsScopeAreForOperators() {
    for (var route : routes) {
      var answer = send(route, "");
      assertEquals(403, answer.status(), route::label);
      var reason = route.isForOperators() ? "insufficient-scope" : "not-a-tenant";
      assertTrue(answer.text().contains("/" + reason + "\""), () -> route + answer.text());
    }
  }

  @Test
  void operatorsScopesDoNotMakeATenantsUserAnOperator() {
    var scopes = "tenants:read tenants:admin";
    for (var route : operatorsRoutes()) {
      var answer = sendAs(fixture.tokens().of("acme", "alice", scopes), route);
      assertEquals(403, answer.status(), route::label);
      assertTrue(answer.text().contains("/not-an-operator\""), answer::text);
    }
  }

  @Test
  void anOperatorWithoutTheScopeOfARouteIsRejected() {
    for (var route : operatorsRoutes()) {
      for (var scopes :
          Set.of(
              AttackTokens.ALL_SCOPES,
              "tenants:* * tenants:",
              "tenants:read tenants:admin".replace(route.scope(), ""))) {
        var answer = send(route, scopes);
        assertEquals(403, answer.status(), () -> route.label() + " with " + scopes);
        assertTrue(answer.text().contains("/insufficient-scope\""), answer::text);
      }
    }
    fixture.checkTables();
    assertEquals(List.of(), List.copyOf(fixture.findings().reported()));
  }

  /** The attacks fail because of the token: an operator's token reads the name of the target. */
  @Test
  void anOperatorReadsTheTenantThatTheAttacksTarget() {
    var scene = scenes().getFirst();
    for (var label : List.of("GET /tenants", "GET /tenants/{id}")) {
      var route =
          routes.stream().filter(each -> each.label().equals(label)).findFirst().orElseThrow();
      var answer = send(route, "tenants:read");
      assertEquals(200, answer.status());
      assertTrue(
          !fixture.canaries().leaksIn(answer.text(), scene.attacker().name()).isEmpty(),
          answer::text);
    }
  }

  private RawResponse send(DescribedRoute route, String scopes) {
    return sendAs(fixture.tokens().ofOperator(scopes), route);
  }

  /** Sends a request. Repeats it while the operators are above their rate. */
  private RawResponse sendAs(String token, DescribedRoute route) {
    var request = route.request(scenes().getFirst()).withToken(token);
    try (var client = new AttackHttpClient(fixture.port())) {
      var answer = client.send(request);
      while (answer.status() == 429) {
        answer = client.send(request);
      }
      return answer;
    }
  }
}
