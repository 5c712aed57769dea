package dev.partywall.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.partywall.http.Body;
import dev.partywall.http.Handler;
import dev.partywall.http.Headers;
import dev.partywall.http.Match;
import dev.partywall.http.Principal;
import dev.partywall.http.Refusal;
import dev.partywall.http.Refusal.Forbidden.Reason;
import dev.partywall.http.Refused;
import dev.partywall.http.Request;
import dev.partywall.http.Response;
import dev.partywall.http.Route;
import dev.partywall.http.Target;
import dev.partywall.tenancy.Caller;
import dev.partywall.tenancy.RequestScope;
import dev.partywall.tenancy.TenantContext;
import dev.partywall.tenancy.TenantId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests how the filters treat requests. Other tests cover the validity of tokens. */
class AuthenticateTest {
  private static final Handler OK = _ -> Response.of(200);
  private static final Route ORDERS = Route.of("GET", "/orders", "orders:read", OK);

  private final Gatehouse gatehouse = Gatehouse.open();

  @AfterEach
  void close() {
    gatehouse.close();
  }

  @Test
  void bindsTheCallerAndTenantForTheHandler() {
    var seen = new AtomicReference<String>();
    var route =
        Route.of(
            "GET",
            "/orders",
            "orders:read",
            request -> {
              assertEquals(
                  new Principal("alice", Set.of("orders:read", "orders:write")), request.caller());
              assertEquals(
                  Optional.of(new Caller(new TenantId("acme"), Optional.empty(), "alice")),
                  RequestScope.current().flatMap(RequestScope::caller));
              seen.set(TenantContext.current().id().value());
              return Response.of(200);
            });
    assertEquals(200, gatehouse.ask(route, bearer(gatehouse.signed())).status());
    assertEquals("acme", seen.get());
  }

  @ParameterizedTest
  @ValueSource(strings = {"Bearer ", "bearer ", "BEARER ", "bEaReR "})
  void acceptsTheSchemeInAnyCase(String scheme) {
    assertEquals(200, gatehouse.ask(ORDERS, field(scheme + gatehouse.signed())).status());
  }

  @Test
  void distinguishesAMissingTokenFromAnInvalidOne() {
    assertRejected(new Refusal.Unauthenticated(false), Map.of());
    assertRejected(new Refusal.Unauthenticated(true), bearer("x"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "Bearer", "Basic YWxpY2U6cGFzcw==", "Digest x", "DPoP x", "Bearerx x"})
  void ignoresOtherSchemes(String value) {
    assertRejected(new Refusal.Unauthenticated(false), field(value));
  }

  @Test
  void ignoresATokenWithoutScheme() {
    assertRejected(new Refusal.Unauthenticated(false), field(gatehouse.signed()));
  }

  @Test
  void ignoresTokensInOtherLocations() {
    var token = gatehouse.signed();
    assertRejected(
        new Refusal.Unauthenticated(false), Map.of("X-Authorization", "Bearer " + token));
    assertRejected(new Refusal.Unauthenticated(false), Map.of("Cookie", "access_token=" + token));
    var query = new Target("/orders", List.of("orders"), Map.of("access_token", List.of(token)));
    var request = Request.of("GET", query, Headers.NONE, Body.NONE).with(found(ORDERS));
    var refused = assertThrows(Refused.class, () -> gatehouse.authenticate.filter(request, OK));
    assertEquals(new Refusal.Unauthenticated(false), refused.refusal());
  }

  @Test
  void rejectsTwoFieldsEvenIfBothAreValid() {
    var value = "Bearer " + gatehouse.signed();
    var twice = Headers.NONE.with("Authorization", value).with("authorization", value);
    var refused = assertThrows(Refused.class, () -> gatehouse.ask(found(ORDERS), twice, OK));
    assertEquals(new Refusal.Unauthenticated(true), refused.refusal());
    var rejected = assertInstanceOf(RejectedToken.class, refused.getCause());
    assertEquals(Rejection.SEVERAL_AUTHORIZATIONS, rejected.reason());
  }

  @Test
  void bindsNoTenantOnAnOpenRouteWithAnyToken() {
    var open =
        Route.open(
            "GET",
            "/openapi.json",
            request -> {
              assertNull(request.principal());
              return Response.of(TenantContext.isBound() ? 500 : 200);
            });
    assertEquals(200, gatehouse.ask(open, Map.of()).status());
    assertEquals(200, gatehouse.ask(open, bearer("x")).status());
    assertEquals(200, gatehouse.ask(open, bearer(gatehouse.signed())).status());
  }

  @Test
  void requiresATokenForAnUnknownPath() {
    for (var match :
        List.of(new Match.Nothing(), new Match.WrongMethod("/orders", Set.of("GET"), false))) {
      assertThrows(Refused.class, () -> gatehouse.ask(match, Headers.NONE, OK));
      var headers = Headers.NONE.with("Authorization", "Bearer " + gatehouse.signed());
      assertEquals(200, gatehouse.ask(match, headers, OK).status());
    }
  }

  @Test
  void requiresNoTokenForAWrongMethodOnAnOpenPath() {
    var match = new Match.WrongMethod("/openapi.json", Set.of("GET"), true);
    assertEquals(200, gatehouse.ask(match, Headers.NONE, OK).status());
  }

  @Test
  void forbidsATokenWithoutTheScope() {
    var token = gatehouse.token().claim("scope", "orders:rea orders:readx ORDERS:READ");
    var refusal = new Refusal.Forbidden(Reason.INSUFFICIENT_SCOPE);
    assertRejected(refusal, bearer(token.signedBy(gatehouse.issuer.key())));
  }

  @Test
  void requiresNoScopeOnAnAuthenticatedRoute() {
    var route = new Route("GET", "/tenant", new Route.Access.Authenticated(), OK);
    var token = gatehouse.token().noClaim("scope").signedBy(gatehouse.issuer.key());
    assertEquals(200, gatehouse.ask(route, bearer(token)).status());
    assertThrows(Refused.class, () -> gatehouse.ask(route, Map.of()));
  }

  @Test
  void forbidsAHostThatNamesAnotherTenant() {
    var headers =
        Map.of(
            "Host", "globex.orders.example.com", "Authorization", "Bearer " + gatehouse.signed());
    assertRejected(new Refusal.Forbidden(Reason.TENANT_MISMATCH), headers);
    var own =
        Map.of("Host", "acme.orders.example.com", "Authorization", "Bearer " + gatehouse.signed());
    assertEquals(200, gatehouse.ask(ORDERS, own).status());
  }

  @Test
  void verifiesACachedTokenOnlyOnce() {
    var token = gatehouse.signed();
    var first = gatehouse.authenticate.verified(token);
    assertSame(first, gatehouse.authenticate.verified(token));
    assertNotSame(first, gatehouse.authenticate.verified(gatehouse.signed()));
  }

  @Test
  void rejectsACachedTokenWhenItExpires() {
    var token = gatehouse.signed();
    assertEquals(200, gatehouse.ask(token).status());
    gatehouse.clock.advance(Duration.ofSeconds(3659));
    assertEquals(200, gatehouse.ask(token).status());
    gatehouse.clock.advance(Duration.ofSeconds(1));
    assertRejected(new Refusal.Unauthenticated(true), bearer(token));
  }

  @Test
  void rejectsACachedTokenBeforeItsValidityWhenTheClockIsSetBack() {
    var token = gatehouse.signed();
    assertEquals(200, gatehouse.ask(token).status());
    gatehouse.clock.advance(Duration.ofSeconds(-61));
    assertRejected(new Refusal.Unauthenticated(true), bearer(token));
  }

  @Test
  void doesNotCacheRejectedTokens() {
    var early = gatehouse.token().claim("nbf", gatehouse.clock.instant().getEpochSecond() + 100);
    var token = early.signedBy(gatehouse.issuer.key());
    assertRejected(new Refusal.Unauthenticated(true), bearer(token));
    gatehouse.clock.advance(Duration.ofSeconds(100));
    assertEquals(200, gatehouse.ask(token).status());
  }

  private void assertRejected(Refusal refusal, Map<String, String> headers) {
    var refused = assertThrows(Refused.class, () -> gatehouse.ask(ORDERS, headers));
    assertEquals(refusal, refused.refusal());
  }

  private static Match found(Route route) {
    return new Match.Found(route, Map.of());
  }

  private static Map<String, String> bearer(String token) {
    return field("Bearer " + token);
  }

  private static Map<String, String> field(String value) {
    return Map.of("Authorization", value);
  }
}
