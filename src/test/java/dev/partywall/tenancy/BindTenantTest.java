package dev.partywall.tenancy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.partywall.error.ApiError;
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
import dev.partywall.tenancy.Identity.TenantUser;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class BindTenantTest {
  private static final Identity ALICE =
      new Identity.TenantUser(
          new TenantId("acme"),
          Optional.of("premium"),
          "alice",
          Set.of("orders:read"),
          TestExecution.ORIGIN);
  private static final Identity OLGA = new Identity.Operator("olga", Set.of("tenants:read"));
  private static final BindTenant BIND =
      bindTenant(user -> new Tenant(user.tenant(), user.tier().orElseThrow()));
  private static final Handler ECHO_TENANT =
      _ -> Response.json(200, TenantContext.isBound() ? text(TenantContext.current()) : "none");

  @Test
  void bindsTheTenantOfTheCaller() {
    assertEquals("acme premium", responseText(BIND, ALICE));
    assertFalse(TenantContext.isBound());
  }

  @Test
  void usesTheTenantFromTheLookup() {
    var bind = bindTenant(caller -> new Tenant(caller.tenant(), "standard"));
    assertEquals("acme standard", responseText(bind, ALICE));
  }

  @Test
  void rejectsALookupThatReturnsAnotherTenant() {
    var bind = bindTenant(_ -> new Tenant(new TenantId("globex"), "free"));
    assertThrows(IllegalStateException.class, () -> responseText(bind, ALICE));
  }

  @Test
  void bindsNoTenantOnAnOpenRoute() {
    var route = Route.open("GET", "/", _ -> Response.json(200, "" + TenantContext.isBound()));
    var request = request().with(new Match.Found(route, Map.of()));
    var response = scope().call(() -> BIND.filter(request, route.handler()));
    assertEquals("false", new String(response.body(), StandardCharsets.UTF_8));
  }

  @Test
  void bindsNoTenantForAnOperator() {
    var found = new Match.Found(Route.operator("GET", "/", "any", ECHO_TENANT), Map.of());
    for (var match : List.of(found, new Match.NoMatch())) {
      assertEquals("none", responseText(BIND, OLGA, request().with(match)));
    }
  }

  @Test
  void recordsTheTenantOfAUserOnAnOperatorsRoute() {
    assertEquals("premium", recorded(BIND).flatMap(Tenant::tier).orElseThrow());
  }

  @Test
  void aTenantThatIsNotServedHasNoEffectOnTheRejectionOnAnOperatorsRoute() {
    for (var error :
        List.of(
            new ApiError.Forbidden(ApiError.Forbidden.Reason.TENANT_SUSPENDED),
            new ApiError.Unavailable("later", Duration.ofSeconds(1)))) {
      assertEquals(Optional.empty(), recorded(bindTenant(_ -> reject(error))));
    }
    var invalid =
        bindTenant(_ -> reject(new ApiError.Unauthenticated(TokenRejection.EARLIER_INCARNATION)));
    assertThrows(ApiException.class, () -> recorded(invalid));
  }

  private static Tenant reject(ApiError error) {
    throw new ApiException(error);
  }

  private static Optional<Tenant> recorded(BindTenant bind) {
    var execution = scope();
    execution.setIdentity(ALICE);
    var found = new Match.Found(Route.operator("GET", "/", "any", ECHO_TENANT), Map.of());
    execution.call(() -> bind.filter(request().with(found), ECHO_TENANT));
    return execution.tenant();
  }

  /** A later filter rejects the request; until then, it must not count for the user's tenant. */
  @Test
  void bindsNoTenantForAUserOnAnOperatorsRoute() {
    var found = new Match.Found(Route.operator("GET", "/", "any", ECHO_TENANT), Map.of());
    var wrongMethod = new Match.WrongMethod("/", Set.of("GET"), Route.RequiredToken.OPERATOR);
    for (var match : List.of(found, wrongMethod)) {
      assertEquals("none", responseText(BIND, ALICE, request().with(match)));
    }
  }

  /** The handler requires no tenant, so the filter itself must reject the request. */
  @Test
  void failsOnAllOtherRoutesWithoutACaller() {
    Handler end = _ -> Response.of(200);
    for (var access :
        List.of(
            new Route.Access.Authenticated(),
            new Route.Access.Scope("any"),
            new Route.Access.Operator("any"))) {
      var route = new Match.Found(new Route("GET", "/", access, end), Map.of());
      assertFailsWithoutCaller(request().with(route), end);
    }
    assertFailsWithoutCaller(request().with(new Match.NoMatch()), end);
  }

  private static void assertFailsWithoutCaller(Request request, Handler end) {
    assertThrows(IllegalStateException.class, () -> scope().call(() -> BIND.filter(request, end)));
  }

  private static String responseText(BindTenant bind, Identity identity) {
    return responseText(bind, identity, request());
  }

  private static String responseText(BindTenant bind, Identity identity, Request request) {
    var scope = scope();
    scope.setIdentity(identity);
    var response = scope.call(() -> bind.filter(request, ECHO_TENANT));
    return new String(response.body(), StandardCharsets.UTF_8);
  }

  private static String text(Tenant tenant) {
    return tenant.id() + " " + tenant.tier().orElse("");
  }

  private static Request request() {
    return Request.of("GET", RequestTarget.ROOT, Headers.NONE, Body.NONE);
  }

  private static Execution scope() {
    return TestExecution.create();
  }

  private static BindTenant bindTenant(Function<TenantUser, Tenant> tenants) {
    return new BindTenant(tenants, new RequestGenerations(System::nanoTime));
  }
}
