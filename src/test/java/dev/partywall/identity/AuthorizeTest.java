package dev.partywall.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
import dev.partywall.http.Handler;
import dev.partywall.http.Headers;
import dev.partywall.http.Match;
import dev.partywall.http.Response;
import dev.partywall.http.Route;
import dev.partywall.http.Route.RequiredToken;
import dev.partywall.tenancy.TenantContext;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests which token reaches which kind of route, behind the filters that precede it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AuthorizeTest {
  /** Returns the bound tenant, or {@code none}. */
  private static final Handler BOUND_TENANT =
      _ ->
          Response.of(200)
              .with(
                  "Tenant",
                  TenantContext.isBound() ? TenantContext.current().id().value() : "none");

  private final AuthenticationFixture fixture = AuthenticationFixture.withKeys();

  @AfterAll
  void close() {
    fixture.close();
  }

  /** The columns are the tokens of a user and of an operator, each with the scopes of both. */
  @ParameterizedTest
  @CsvSource({
    "open,                   none,            none",
    "tenant,                 acme,            NOT_A_TENANT",
    "authenticated,          acme,            NOT_A_TENANT",
    "operator,               NOT_AN_OPERATOR, none",
    "wrong method open,      none,            none",
    "wrong method tenant,    acme,            NOT_A_TENANT",
    "wrong method operator,  NOT_AN_OPERATOR, none",
    "wrong method mixed,     acme,            none",
    "unknown path,           acme,            none",
  })
  void admitsOnlyTheKindOfTokenThatTheRouteRequires(String target, String user, String operator) {
    assertEquals(user, result(match(target), user("orders:read tenants:read")));
    assertEquals(operator, result(match(target), operator("orders:read tenants:read")));
  }

  @ParameterizedTest
  @CsvSource({
    "tenant,                 INSUFFICIENT_SCOPE, NOT_A_TENANT",
    "operator,               NOT_AN_OPERATOR,    INSUFFICIENT_SCOPE",
    "wrong method operator,  NOT_AN_OPERATOR,    none",
    "unknown path,           acme,               none",
  })
  void requiresTheScopeOfTheRoute(String target, String user, String operator) {
    assertEquals(user, result(match(target), user("")));
    assertEquals(operator, result(match(target), operator("")));
  }

  @Test
  void comparesTheOperatorsScopeExactly() {
    for (var scope : new String[] {"tenants:rea", "tenants:readx", "TENANTS:READ", "tenants:*"}) {
      assertEquals("INSUFFICIENT_SCOPE", result(match("operator"), operator(scope)));
    }
  }

  /** An execution without an identity is a defect of the filter chain, not a permission. */
  @Test
  void failsWithoutAnIdentity() {
    for (var target :
        new String[] {"tenant", "operator", "wrong method operator", "unknown path"}) {
      var request = AuthenticationFixture.request(match(target), Headers.NONE);
      assertThrows(
          IllegalStateException.class, () -> new Authorize().filter(request, BOUND_TENANT));
    }
  }

  /** Returns the tenant that the handler sees, or the reason of the rejection. */
  private String result(Match match, String token) {
    var headers = Headers.NONE.with("Authorization", "Bearer " + token);
    try {
      var response = fixture.send(match, headers, BOUND_TENANT);
      return response.headers().first("Tenant").orElseThrow();
    } catch (ApiException e) {
      return e.error() instanceof ApiError.Forbidden(var reason)
          ? reason.name()
          : e.error().toString();
    }
  }

  private String user(String scope) {
    return fixture.issuer.token("acme", "alice", scope).signedBy(KeyPairs.ISSUER);
  }

  private String operator(String scope) {
    return fixture.operatorToken(scope).signedBy(KeyPairs.OPERATORS);
  }

  private static Match match(String target) {
    return switch (target) {
      case "open" -> found(Route.open("GET", "/", BOUND_TENANT));
      case "tenant" -> found(Route.of("GET", "/", "orders:read", BOUND_TENANT));
      case "authenticated" ->
          found(new Route("GET", "/", new Route.Access.Authenticated(), BOUND_TENANT));
      case "operator" -> found(Route.operator("GET", "/", "tenants:read", BOUND_TENANT));
      case "wrong method open" -> wrongMethod(RequiredToken.NONE);
      case "wrong method tenant" -> wrongMethod(RequiredToken.TENANT);
      case "wrong method operator" -> wrongMethod(RequiredToken.OPERATOR);
      case "wrong method mixed" -> wrongMethod(RequiredToken.ANY);
      case "unknown path" -> new Match.NoMatch();
      default -> throw new IllegalArgumentException(target);
    };
  }

  private static Match found(Route route) {
    return new Match.Found(route, Map.of());
  }

  private static Match wrongMethod(RequiredToken token) {
    return new Match.WrongMethod("/", Set.of("GET"), token);
  }
}
