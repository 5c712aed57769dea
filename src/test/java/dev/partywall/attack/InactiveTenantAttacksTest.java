package dev.partywall.attack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.http.server.RawClient.RawResponse;
import dev.partywall.tenancy.TenantStatus;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Attacks with tokens of tenants that are not served, and of an earlier incarnation. */
@WithAttackFixture
class InactiveTenantAttacksTest {
  private final AttackFixture fixture;
  private final List<DescribedRoute> routes;
  private final AttackScene scene;

  InactiveTenantAttacksTest(AttackFixture fixture) {
    this.fixture = fixture;
    this.routes =
        DescribedRoute.readAll(fixture).stream().filter(route -> !route.isForOperators()).toList();
    this.scene = AttackWorkers.scenes(fixture).getFirst();
  }

  /** The service allows unknown tenants, and a deleted one is not served as one of them. */
  @Test
  void noRouteServesATenantThatIsNotActive() {
    assertTrue(routes.size() > 5, routes::toString);
    AttackRegistrations.INACTIVE.forEach((tenant, status) -> {
      var reason = reason(status);
      for (var scopes : List.of(AttackTokens.ALL_SCOPES, "usage:read", "tenants:admin")) {
        for (var route : routes) {
          var response = send(route, fixture.tokens().of(tenant, "alice", scopes));
          assertEquals(403, response.status(), () -> tenant + " " + route.label());
          assertTrue(response.text().contains("/" + reason + "\""), response::text);
          assertEquals(List.of(), fixture.canaries().canariesIn(response.text(), tenant));
        }
      }
    });
    fixture.checkTables();
    assertEquals(List.of(), List.copyOf(fixture.findings().reported()));
  }

  private static String reason(TenantStatus status) {
    return switch (status) {
      case SUSPENDED -> "tenant-suspended";
      case OFFBOARDED -> "unknown-tenant";
      default -> "tenant-not-active";
    };
  }

  @Test
  void noRouteAcceptsATokenOfAnEarlierIncarnation() {
    var start = fixture.clock().instant().getEpochSecond() - 86_000;
    var token =
        fixture
            .tokens()
            .unsigned(AttackRegistrations.SECOND_LIFE, "alice", AttackTokens.ALL_SCOPES)
            .claim("exp", start + 86_400);
    for (var earlier : List.of(token.claim("iat", start), token.withoutClaim("iat"))) {
      for (var route : routes) {
        var response = send(route, fixture.tokens().sign(earlier));
        assertEquals(401, response.status(), route::label);
        assertTrue(response.field("WWW-Authenticate").orElse("").contains("invalid_token"));
      }
    }
    var current = fixture.tokens().of(AttackRegistrations.SECOND_LIFE, "alice");
    assertEquals(200, send(ApiRequest.get("/tenant").withToken(current)).status());
  }

  private RawResponse send(DescribedRoute route, String token) {
    return send(route.request(scene).withToken(token));
  }

  private RawResponse send(ApiRequest request) {
    try (var client = new AttackHttpClient(fixture.port())) {
      return client.send(request);
    }
  }
}
