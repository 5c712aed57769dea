package dev.partywall.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.partywall.error.ApiError;
import dev.partywall.error.ApiError.Forbidden.Reason;
import dev.partywall.error.ApiException;
import dev.partywall.error.TokenRejection;
import dev.partywall.http.Body;
import dev.partywall.http.Handler;
import dev.partywall.http.Headers;
import dev.partywall.http.Match;
import dev.partywall.http.Request;
import dev.partywall.http.RequestTarget;
import dev.partywall.http.Response;
import dev.partywall.http.Route;
import dev.partywall.http.Route.RequiredToken;
import dev.partywall.tenancy.BearerToken;
import dev.partywall.tenancy.Execution;
import dev.partywall.tenancy.Identity;
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

  private final AuthenticationFixture fixture = AuthenticationFixture.withKeys();

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void bindsTheCallerAndTenantForTheHandler() {
    var token = fixture.signedToken();
    var seen = new AtomicReference<String>();
    var route =
        Route.of(
            "GET",
            "/orders",
            "orders:read",
            request -> {
              assertEquals("alice", request.subject());
              assertEquals(
                  Optional.of(
                      new Identity.TenantUser(
                          new TenantId("acme"),
                          Optional.empty(),
                          "alice",
                          Set.of("orders:read", "orders:write"),
                          fixture.origin())),
                  Execution.currentIdentity());
              assertEquals(
                  Optional.of("Bearer " + token),
                  Execution.current().flatMap(Execution::token).map(BearerToken::authorization));
              seen.set(TenantContext.current().id().value());
              return Response.of(200);
            });
    assertEquals(200, fixture.send(route, field("bearer " + token)).status());
    assertEquals("acme", seen.get());
  }

  @ParameterizedTest
  @ValueSource(strings = {"Bearer ", "bearer ", "BEARER ", "bEaReR ", "Bearer   "})
  void acceptsTheSchemeInAnyCaseAndSeveralSpacesAfterIt(String scheme) {
    assertEquals(200, fixture.send(ORDERS, field(scheme + fixture.signedToken())).status());
  }

  @Test
  void distinguishesAMissingTokenFromAnInvalidOne() {
    assertRejected(new ApiError.Unauthenticated(TokenRejection.NO_BEARER), Map.of());
    assertRejected(new ApiError.Unauthenticated(TokenRejection.NOT_THREE_PARTS), bearer("x"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "Bearer", "Basic YWxpY2U6cGFzcw==", "Digest x", "DPoP x", "Bearerx x"})
  void ignoresOtherSchemes(String value) {
    assertRejected(new ApiError.Unauthenticated(TokenRejection.NO_BEARER), field(value));
  }

  @Test
  void ignoresATokenWithoutScheme() {
    assertRejected(
        new ApiError.Unauthenticated(TokenRejection.NO_BEARER), field(fixture.signedToken()));
  }

  @Test
  void ignoresTokensInOtherLocations() {
    var token = fixture.signedToken();
    assertRejected(
        new ApiError.Unauthenticated(TokenRejection.NO_BEARER),
        Map.of("X-Authorization", "Bearer " + token));
    assertRejected(
        new ApiError.Unauthenticated(TokenRejection.NO_BEARER),
        Map.of("Cookie", "access_token=" + token));
    var query =
        new RequestTarget("/orders", List.of("orders"), Map.of("access_token", List.of(token)));
    var request = Request.of("GET", query, Headers.NONE, Body.NONE).with(found(ORDERS));
    var rejection =
        assertThrows(ApiException.class, () -> fixture.authenticate.filter(request, OK));
    assertEquals(new ApiError.Unauthenticated(TokenRejection.NO_BEARER), rejection.error());
  }

  @Test
  void rejectsTwoFieldsEvenIfBothAreValid() {
    var value = "Bearer " + fixture.signedToken();
    var twice = Headers.NONE.with("Authorization", value).with("authorization", value);
    var rejection = assertThrows(ApiException.class, () -> fixture.send(found(ORDERS), twice, OK));
    assertEquals(
        new ApiError.Unauthenticated(TokenRejection.MULTIPLE_AUTHORIZATION_FIELDS),
        rejection.error());
  }

  @Test
  void bindsNoTenantOnAnOpenRouteWithAnyToken() {
    var open =
        Route.open(
            "GET",
            "/openapi.json",
            request -> {
              assertThrows(IllegalStateException.class, request::subject);
              assertEquals(Optional.empty(), Execution.currentIdentity());
              return Response.of(TenantContext.isBound() ? 500 : 200);
            });
    assertEquals(200, fixture.send(open, Map.of()).status());
    assertEquals(200, fixture.send(open, bearer("x")).status());
    assertEquals(200, fixture.send(open, bearer(fixture.signedToken())).status());
  }

  @Test
  void requiresATokenForAnUnknownPath() {
    for (var match :
        List.of(
            new Match.NoMatch(),
            new Match.WrongMethod("/orders", Set.of("GET"), RequiredToken.TENANT))) {
      assertThrows(ApiException.class, () -> fixture.send(match, Headers.NONE, OK));
      var headers = Headers.NONE.with("Authorization", "Bearer " + fixture.signedToken());
      assertEquals(200, fixture.send(match, headers, OK).status());
    }
  }

  @Test
  void requiresNoTokenForAWrongMethodOnAnOpenPath() {
    var match = new Match.WrongMethod("/openapi.json", Set.of("GET"), RequiredToken.NONE);
    assertEquals(200, fixture.send(match, Headers.NONE, OK).status());
  }

  @Test
  void forbidsATokenWithoutTheScope() {
    var token = fixture.token().claim("scope", "orders:rea orders:readx ORDERS:READ");
    var refusal = new ApiError.Forbidden(Reason.INSUFFICIENT_SCOPE);
    assertRejected(refusal, bearer(token.signedBy(fixture.issuer.key())));
  }

  @Test
  void requiresNoScopeOnAnAuthenticatedRoute() {
    var route = new Route("GET", "/tenant", new Route.Access.Authenticated(), OK);
    var token = fixture.token().withoutClaim("scope").signedBy(fixture.issuer.key());
    assertEquals(200, fixture.send(route, bearer(token)).status());
    assertThrows(ApiException.class, () -> fixture.send(route, Map.of()));
  }

  @Test
  void forbidsAHostThatNamesAnotherTenant() {
    var headers =
        Map.of(
            "Host",
            "globex.orders.example.com",
            "Authorization",
            "Bearer " + fixture.signedToken());
    assertRejected(new ApiError.Forbidden(Reason.TENANT_MISMATCH), headers);
    var own =
        Map.of(
            "Host", "acme.orders.example.com", "Authorization", "Bearer " + fixture.signedToken());
    assertEquals(200, fixture.send(ORDERS, own).status());
  }

  @Test
  void verifiesACachedTokenOnlyOnce() {
    var token = fixture.signedToken();
    var first = fixture.authenticate.verify(token);
    assertSame(first, fixture.authenticate.verify(token));
    assertNotSame(first, fixture.authenticate.verify(fixture.signedToken()));
  }

  @Test
  void rejectsACachedTokenWhenItExpires() {
    var token = fixture.signedToken();
    assertEquals(200, fixture.send(token).status());
    fixture.clock.advance(Duration.ofSeconds(3659));
    assertEquals(200, fixture.send(token).status());
    fixture.clock.advance(Duration.ofSeconds(1));
    assertRejected(new ApiError.Unauthenticated(TokenRejection.EXPIRED), bearer(token));
  }

  @Test
  void rejectsACachedTokenBeforeItsValidityWhenTheClockIsSetBack() {
    var token = fixture.signedToken();
    assertEquals(200, fixture.send(token).status());
    fixture.clock.advance(Duration.ofSeconds(-61));
    assertRejected(new ApiError.Unauthenticated(TokenRejection.ISSUED_IN_FUTURE), bearer(token));
  }

  @Test
  void doesNotCacheRejectedTokens() {
    var early = fixture.token().claim("nbf", fixture.clock.instant().getEpochSecond() + 100);
    var token = early.signedBy(fixture.issuer.key());
    assertRejected(new ApiError.Unauthenticated(TokenRejection.NOT_YET_VALID), bearer(token));
    fixture.clock.advance(Duration.ofSeconds(100));
    assertEquals(200, fixture.send(token).status());
  }

  private void assertRejected(ApiError refusal, Map<String, String> headers) {
    var rejection = assertThrows(ApiException.class, () -> fixture.send(ORDERS, headers));
    assertEquals(refusal, rejection.error());
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
