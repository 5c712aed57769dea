package dev.partywall.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
import dev.partywall.http.Route.RequiredToken;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RouterTest {
  private final Router router =
      new Router(
          List.of(
              route("GET", "/"),
              route("GET", "/orders"),
              route("POST", "/orders"),
              route("GET", "/orders/{id}"),
              route("DELETE", "/orders/{id}"),
              route("GET", "/orders/special"),
              route("GET", "/orders/{order}/items/{item}"),
              route("GET", "/{any}/special/items")));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / -> GET /",
        "GET /orders -> GET /orders",
        "POST /orders -> POST /orders",
        "HEAD /orders -> GET /orders",
        "GET /orders/1 -> GET /orders/{id}",
        "GET /orders/a b -> GET /orders/{id}",
        "GET /orders/special -> GET /orders/special",
        "GET /orders/1/items/2 -> GET /orders/{order}/items/{item}",
        "GET /orders/special/items -> GET /{any}/special/items"
      })
  void findsTheRoute(String line) {
    var requestLine = line.split(" -> ", 2)[0].split(" ", 2);

    assertEquals(line.split(" -> ", 2)[1], dispatch(requestLine[0], requestLine[1]));
  }

  @Test
  void passesThePathParametersToTheHandler() {
    var request = locate("GET", "/orders/a b/items/7");

    assertEquals("a b", request.parameter("order"));
    assertEquals("7", request.parameter("item"));
    assertThrows(IllegalArgumentException.class, () -> request.parameter("id"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/unknown", "/ordersXYZ", "/orders/", "/orders/1/", "/orders/1/items", "/Orders"})
  void rejectsUnknownPathsForEveryMethod(String path) {
    for (var method : List.of("GET", "POST", "OPTIONS", "BREW")) {
      var rejected = assertThrows(ApiException.class, () -> dispatch(method, path));
      assertInstanceOf(ApiError.NotFound.class, rejected.error());
    }
  }

  @Test
  void rejectsAWrongMethodAndListsTheAllowedOnes() {
    var rejected = assertThrows(ApiException.class, () -> dispatch("PATCH", "/orders/1"));

    var allow = assertInstanceOf(ApiError.MethodNotAllowed.class, rejected.error()).allow();
    assertEquals(List.of("DELETE", "GET", "HEAD", "OPTIONS"), List.copyOf(allow));
  }

  @Test
  void reportsTheTemplateForAWrongMethod() {
    var match = assertInstanceOf(Match.WrongMethod.class, locate("PUT", "/orders/1").match());

    assertEquals("/orders/{id}", match.template());
  }

  @Test
  void servesOptionsWithoutAToken() {
    var request = locate("OPTIONS", "/orders");

    var found = assertInstanceOf(Match.Found.class, request.match());
    assertInstanceOf(Route.Access.Open.class, found.route().access());
    var response = router.dispatchHandler().handle(request);
    assertEquals(204, response.status());
    assertEquals(Optional.of("GET, HEAD, OPTIONS, POST"), response.headers().first("Allow"));
  }

  @Test
  void rejectsUnknownAndRepeatedQueryParametersBeforeTheHandler() {
    var called = new AtomicInteger();
    var notes =
        Route.open(
                "GET",
                "/notes",
                _ -> {
                  called.incrementAndGet();
                  return Response.of(200);
                })
            .withQuery("limit")
            .withQuery("cursor");
    var routes = new Router(List.of(notes, route("DELETE", "/notes")));
    var one = List.of("1");
    assertEquals(List.of(), faults(routes, "GET", Map.of()));
    assertEquals(List.of(), faults(routes, "GET", Map.of("limit", one, "cursor", one)));
    assertEquals(1 + 1, called.get());
    assertEquals(
        List.of(
            new ApiError.ParameterFault("limit", "is repeated"),
            new ApiError.ParameterFault("limits", "is unknown")),
        faults(
            routes,
            "GET",
            new TreeMap<>(Map.of("limits", one, "limit", List.of("1", "2"), "cursor", one))));
    assertEquals(
        List.of(new ApiError.ParameterFault("Limit", "is unknown")),
        faults(routes, "HEAD", Map.of("Limit", one)));
    assertEquals(2, called.get());
    assertEquals(
        List.of(new ApiError.ParameterFault("limit", "is unknown")),
        faults(routes, "DELETE", Map.of("limit", one)));
    assertEquals(List.of(), faults(routes, "OPTIONS", Map.of("limit", one)));
    assertEquals(
        List.of(new ApiError.ParameterFault("x", "is unknown")),
        faults(routes, "OPTIONS", Map.of("x", one)));
  }

  @Test
  void namesTheFirstInvalidParameterInTheDetail() {
    var rejection =
        assertThrows(
            ApiException.class, () -> send(router, "GET", "/orders", Map.of("a", List.of())));
    assertEquals(
        new ApiError.Malformed(
            "The parameter a is unknown.",
            false,
            List.of(new ApiError.ParameterFault("a", "is unknown"))),
        rejection.error());
  }

  private static List<ApiError.ParameterFault> faults(
      Router routes, String method, Map<String, List<String>> query) {
    try {
      send(routes, method, "/notes", query);
      return List.of();
    } catch (ApiException e) {
      return assertInstanceOf(ApiError.Malformed.class, e.error()).parameters();
    }
  }

  private static void send(
      Router routes, String method, String path, Map<String, List<String>> query) {
    var target = new RequestTarget(path, List.of(path.substring(1)), query);
    var request = Request.of(method, target, Headers.NONE, Body.NONE);
    routes.dispatchHandler().handle(locate(routes, request));
  }

  @Test
  void isOpenForAWrongMethodOnlyIfAllRoutesOfThePathAreOpen() {
    var guarded = Route.of("PUT", "/guarded", "scope", _ -> Response.of(200));
    for (var routes : List.of(List.of(guarded), List.of(route("GET", "/guarded"), guarded))) {
      var found = locate(new Router(routes), "DELETE", "/guarded").match();
      assertInstanceOf(Match.WrongMethod.class, found);
      assertFalse(found.isOpen());
    }
    assertTrue(locate("PATCH", "/orders/1").match().isOpen());
    assertFalse(locate("PATCH", "/unknown").match().isOpen());
  }

  @Test
  void requiresTheTokenOfTheRouteOrOfAllRoutesOfThePath() {
    Handler end = _ -> Response.of(200);
    var routes =
        new Router(
            List.of(
                Route.open("GET", "/open", end),
                Route.of("GET", "/tenant", "scope", end),
                new Route("PUT", "/tenant", new Route.Access.Authenticated(), end),
                Route.operator("GET", "/operator", "scope", end),
                Route.operator("PUT", "/operator", "scope", end),
                Route.operator("GET", "/mixed", "scope", end),
                Route.of("PUT", "/mixed", "scope", end)));
    assertEquals(RequiredToken.NONE, locate(routes, "GET", "/open").match().requiredToken());
    assertEquals(RequiredToken.NONE, locate(routes, "PATCH", "/open").match().requiredToken());
    assertEquals(RequiredToken.TENANT, locate(routes, "GET", "/tenant").match().requiredToken());
    assertEquals(RequiredToken.TENANT, locate(routes, "PUT", "/tenant").match().requiredToken());
    assertEquals(RequiredToken.TENANT, locate(routes, "PATCH", "/tenant").match().requiredToken());
    assertEquals(
        RequiredToken.OPERATOR, locate(routes, "PUT", "/operator").match().requiredToken());
    assertEquals(
        RequiredToken.OPERATOR, locate(routes, "PATCH", "/operator").match().requiredToken());
    assertEquals(RequiredToken.OPERATOR, locate(routes, "GET", "/mixed").match().requiredToken());
    assertEquals(RequiredToken.TENANT, locate(routes, "PUT", "/mixed").match().requiredToken());
    assertEquals(RequiredToken.ANY, locate(routes, "PATCH", "/mixed").match().requiredToken());
    assertEquals(RequiredToken.ANY, locate(routes, "GET", "/unknown").match().requiredToken());
  }

  @Test
  void matchesNoRouteForAMalformedMessage() {
    var malformed =
        new Request(
            "GET",
            target("/orders"),
            Headers.NONE,
            Body.NONE,
            Duration.ZERO,
            Optional.of("The Host header is missing or invalid."),
            new Match.NoMatch(),
            null,
            Optional.empty());

    var located = locate(router, malformed);

    assertInstanceOf(Match.NoMatch.class, located.match());
  }

  @Test
  void rejectsConflictingRoutes() {
    for (var second : List.of(route("GET", "/a/{y}"), route("GET", "/a/{x}"))) {
      var routes = List.of(route("GET", "/a/{x}"), second);
      var failure = assertThrows(IllegalArgumentException.class, () -> new Router(routes));
      assertEquals(
          "Two routes have the same method and path: GET " + second.template(),
          failure.getMessage());
    }
    for (var method : List.of("HEAD", "OPTIONS")) {
      var routes = List.of(route("GET", "/a"), route(method, "/a"));
      assertThrows(IllegalArgumentException.class, () -> new Router(routes));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a", "//", "/a/", "/a//b", "/{}", "/{a", "/a}b", "/{x}/{x}", "/a{x}"})
  void rejectsInvalidTemplates(String template) {
    assertThrows(IllegalArgumentException.class, () -> route("GET", template));
  }

  private static Route route(String method, String template) {
    var name = (method + " " + template).getBytes(StandardCharsets.UTF_8);
    return Route.open(method, template, _ -> Response.of(200, "text/plain", name));
  }

  private String dispatch(String method, String target) {
    var response = router.dispatchHandler().handle(locate(method, target));
    return new String(response.body(), StandardCharsets.UTF_8);
  }

  private Request locate(String method, String target) {
    return locate(router, method, target);
  }

  private static Request locate(Router router, String method, String target) {
    return locate(router, Request.of(method, target(target), Headers.NONE, Body.NONE));
  }

  /** Returns the target with this path, whose segments contain no character that is encoded. */
  private static RequestTarget target(String path) {
    var segments = path.equals("/") ? List.<String>of() : List.of(path.substring(1).split("/", -1));
    return new RequestTarget(path, segments, Map.of());
  }

  private static Request locate(Router router, Request request) {
    var seen = new Request[1];
    new SelectRoute(router)
        .filter(
            request,
            located -> {
              seen[0] = located;
              return Response.of(200);
            });
    return seen[0];
  }
}
