package dev.partywall.tenancy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.partywall.http.Body;
import dev.partywall.http.Handler;
import dev.partywall.http.Headers;
import dev.partywall.http.Match;
import dev.partywall.http.Request;
import dev.partywall.http.RequestTarget;
import dev.partywall.http.Response;
import dev.partywall.http.Route;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BindTenantTest {
  private static final Caller ALICE =
      new Caller(new TenantId("acme"), Optional.of("premium"), "alice");
  private static final Handler ECHO_TENANT =
      _ -> Response.json(200, TenantContext.current().toString());

  @Test
  void bindsTheTenantOfTheCaller() {
    assertEquals("Tenant[id=acme, tier=premium]", responseText(new BindTenant(), ALICE));
    assertFalse(TenantContext.isBound());
  }

  @Test
  void usesTheFreeTierIfTheTokenHasNone() {
    var caller = new Caller(new TenantId("acme"), Optional.empty(), "alice");
    assertEquals("Tenant[id=acme, tier=free]", responseText(new BindTenant(), caller));
  }

  @Test
  void usesTheTenantFromTheLookup() {
    var bind = new BindTenant(caller -> new Tenant(caller.tenant(), "standard"));
    assertEquals("Tenant[id=acme, tier=standard]", responseText(bind, ALICE));
  }

  @Test
  void rejectsALookupThatReturnsAnotherTenant() {
    var bind = new BindTenant(_ -> new Tenant(new TenantId("globex"), "free"));
    assertThrows(IllegalArgumentException.class, () -> responseText(bind, ALICE));
  }

  @Test
  void bindsNoTenantOnAnOpenRoute() {
    var route = Route.open("GET", "/", _ -> Response.json(200, "" + TenantContext.isBound()));
    var request = request().with(new Match.Found(route, Map.of()));
    var response = scope().call(() -> new BindTenant().filter(request, route.handler()));
    assertEquals("false", new String(response.body(), StandardCharsets.UTF_8));
  }

  /** The handler requires no tenant, so the filter itself must reject the request. */
  @Test
  void failsOnAllOtherRoutesWithoutACaller() {
    Handler end = _ -> Response.of(200);
    for (var access : List.of(new Route.Access.Authenticated(), new Route.Access.Scope("any"))) {
      var route = new Match.Found(new Route("GET", "/", access, end), Map.of());
      assertFailsWithoutCaller(request().with(route), end);
    }
    assertFailsWithoutCaller(request().with(new Match.NoMatch()), end);
  }

  private static void assertFailsWithoutCaller(Request request, Handler end) {
    assertThrows(
        IllegalStateException.class,
        () -> scope().call(() -> new BindTenant().filter(request, end)));
  }

  private static String responseText(BindTenant bind, Caller caller) {
    var scope = scope();
    scope.identify(caller);
    var response = scope.call(() -> bind.filter(request(), ECHO_TENANT));
    return new String(response.body(), StandardCharsets.UTF_8);
  }

  private static Request request() {
    return Request.of("GET", RequestTarget.ROOT, Headers.NONE, Body.NONE);
  }

  private static RequestScope scope() {
    return new RequestScope(new RequestScope.Ids("r", "0".repeat(32), "0".repeat(16)));
  }
}
