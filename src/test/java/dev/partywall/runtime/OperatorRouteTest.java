package dev.partywall.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.partywall.PartywallProcess;
import dev.partywall.http.server.RawClient;
import dev.partywall.http.server.RawClient.RawResponse;
import dev.partywall.json.Json;
import dev.partywall.local.LocalDynamo;
import dev.partywall.local.LocalOidcIssuer;
import dev.partywall.local.LocalToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests operators' routes over HTTP, with the complete service and a second issuer. */
@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
@Timeout(120)
class OperatorRouteTest {
  private static final String OPERATOR_AUDIENCE = "partywall-operators";
  private static final String NOTE = "/admin/acme/note/1";

  private static ServiceFixture fixture;
  private static LocalOidcIssuer operatorIssuer;
  private static LocalOidcIssuer untrustedIssuer;
  private static PartywallProcess service;

  @BeforeAll
  static void start(LocalDynamo dynamo) throws Exception {
    fixture = new ServiceFixture(dynamo);
    operatorIssuer = LocalOidcIssuer.start();
    untrustedIssuer = LocalOidcIssuer.start();
    var environment = new HashMap<>(fixture.environment());
    environment.put("PARTYWALL_OPERATOR_ISSUERS", operatorIssuer.name());
    environment.put("PARTYWALL_OPERATOR_AUDIENCE", OPERATOR_AUDIENCE);
    environment.put("PARTYWALL_TENANT_DOMAIN", "orders.test");
    service = new PartywallProcess(OperatorService.class, environment).awaitReady();
    // Readiness requires the keys of one issuer of tenants. This waits for those of the operators.
    while (send("GET", "/nowhere", token("operator")).status() == 503) {
      Thread.sleep(10);
    }
    assertEquals(204, send("PUT", NOTE, token("admin")).status());
  }

  @AfterAll
  static void stop() {
    service.close();
    operatorIssuer.close();
    untrustedIssuer.close();
    fixture.close();
  }

  @ParameterizedTest
  @CsvSource({
    // token                      | open | tenant's | operator's | wrong method on each | unknown
    "user,                          204,   200,       403,         405,   403,            404",
    "user without scopes,           204,   403,       403,         405,   403,            404",
    "operator,                      204,   403,       200,         403,   405,            404",
    "operator without scopes,       204,   403,       403,         403,   405,            404",
    "operator with tenant,          204,   401,       401,         401,   401,            401",
    "operator of tenants' audience, 204,   401,       401,         401,   401,            401",
    "operator of tenants' issuer,   204,   401,       401,         401,   401,            401",
    "operator of untrusted issuer,  204,   401,       401,         401,   401,            401",
    "operator with another key,     204,   401,       401,         401,   401,            401",
    "none,                          204,   401,       401,         401,   401,            401",
  })
  void admitsEachTokenOnlyToItsKindOfRoute(
      String name, int open, int tenants, int operators, int wrong, int wrongAdmin, int unknown)
      throws IOException {
    var token = token(name);
    assertEquals(open, send("OPTIONS", NOTE, token).status());
    assertEquals(tenants, send("GET", "/orders", token).status());
    assertEquals(operators, send("GET", NOTE, token).status());
    assertEquals(wrong, send("PATCH", "/orders", token).status());
    assertEquals(wrongAdmin, send("PATCH", NOTE, token).status());
    assertEquals(unknown, send("GET", "/nowhere", token).status());
  }

  @ParameterizedTest
  @CsvSource({
    "user,                    GET,   /admin/acme/note/1, not-an-operator,    "
        + "This route requires an operator's token.",
    "user without scopes,     PATCH, /admin/acme/note/1, not-an-operator,    "
        + "This route requires an operator's token.",
    "operator,                GET,   /orders,             not-a-tenant,       "
        + "This route requires a tenant's token.",
    "operator without scopes, PUT,   /orders,             not-a-tenant,       "
        + "This route requires a tenant's token.",
    "operator,                PUT,   /admin/acme/note/1, insufficient-scope, "
        + "The token lacks a required scope.",
  })
  void explainsTheRejection(String token, String method, String path, String type, String detail)
      throws IOException {
    var response = send(method, path, token(token));
    assertEquals(403, response.status());
    var problem = json(response.text());
    assertEquals("https://partywall.dev/problems/orders/" + type, problem.path("type").textValue());
    assertEquals(detail, problem.path("detail").textValue());
  }

  @Test
  void respondsToAnInvalidOperatorsTokenAsToAnyOther() throws IOException {
    var response = send("GET", NOTE, token("operator with tenant"));
    assertEquals(
        "Bearer realm=\"orders\", error=\"invalid_token\"",
        response.field("WWW-Authenticate").orElseThrow());
    assertFalse(response.text().contains("tenant\""), response::text);
  }

  @Test
  void rejectsAnOperatorAtTheHostOfATenant() throws IOException {
    var response = send("GET", NOTE, token("operator"), "Host: acme.orders.test");
    assertEquals(403, response.status());
    assertEquals(
        "https://partywall.dev/problems/orders/tenant-mismatch",
        json(response.text()).path("type").textValue());
    assertEquals(200, send("GET", NOTE, token("operator"), "Host: orders.test").status());
    // The host of a target in absolute form replaces the field.
    var absolute = "http://acme.orders.test" + NOTE;
    assertEquals(403, send("GET", absolute, token("operator"), "Host: orders.test").status());
    var other = "http://orders.test" + NOTE;
    assertEquals(200, send("GET", other, token("operator"), "Host: acme.orders.test").status());
  }

  @Test
  void bindsTheTenantOnlyWithinTheHandlersCall() throws IOException {
    var response = json(send("GET", NOTE, token("operator")).text());
    assertEquals("olga", response.path("subject").textValue());
    assertEquals("an item of acme", response.path("text").textValue());
    assertFalse(response.path("boundBefore").booleanValue());
    assertFalse(response.path("boundAfter").booleanValue());
  }

  @Test
  void readsNoDataWithoutABindingAndNoneOfAnotherTenant() throws IOException {
    var operator = token("operator");
    assertEquals(409, send("GET", "/admin/unbound/note/1", operator).status());
    assertEquals(404, send("GET", "/admin/globex/note/1", operator).status());
    var other = send("GET", "/admin/globex/then/acme/note/1", operator);
    assertEquals(409, other.status());
    assertFalse(other.text().contains("an item of acme"), other::text);
  }

  @Test
  void namesTheOperatorAndTheBoundTenantInTheLog() throws Exception {
    var changed = send("PUT", "/admin/hooli/note/1", token("admin"));
    assertEquals(204, changed.status());
    var requestId = changed.field("X-Request-Id").orElseThrow();
    var access = line("access", requestId);
    assertEquals("olga", access.path("user").textValue());
    assertEquals("hooli", access.path("tenant").textValue());
    assertFalse(access.has("tier"));
    var entry = line("audit", requestId);
    assertEquals("olga", entry.path("actor").textValue());
    assertEquals("operator", entry.path("actorType").textValue());
    assertEquals("hooli", entry.path("tenant").textValue());
    assertEquals("PUT " + OperatorCapability.ITEM, entry.path("action").textValue());
    assertEquals("/admin/hooli/note/1", entry.path("object").textValue());
    assertEquals("done", entry.path("outcome").textValue());
    assertFalse(entry.has("tier"));
  }

  @Test
  void namesNoTenantInTheLogBeforeOneIsBound() throws Exception {
    var rejected = send("GET", "/orders/1", token("admin"));
    var requestId = rejected.field("X-Request-Id").orElseThrow();
    assertFalse(line("access", requestId).has("tenant"));
    var entry = line("audit", requestId);
    assertEquals("olga", entry.path("actor").textValue());
    assertEquals("operator", entry.path("actorType").textValue());
    assertEquals("not-a-tenant", entry.path("reason").textValue());
    assertFalse(entry.has("tenant"));
    var unknown = send("GET", "/nowhere", token("admin")).field("X-Request-Id").orElseThrow();
    assertEquals("olga", line("access", unknown).path("user").textValue());
    assertFalse(line("access", unknown).has("tenant"));
  }

  @Test
  void namesTheUserWhoAttemptsAnOperatorsRoute() throws Exception {
    var rejected = send("DELETE", "/admin/globex/note/1", token("user"));
    var entry = line("audit", rejected.field("X-Request-Id").orElseThrow());
    assertEquals("alice", entry.path("actor").textValue());
    assertFalse(entry.has("actorType"));
    assertEquals("acme", entry.path("tenant").textValue());
    assertEquals("not-an-operator", entry.path("reason").textValue());
  }

  /** The usage that the tenant's own later request causes is visible only after all earlier one. */
  @Test
  void metersNothingOfAnOperatorsRequestToTheTenant() throws Exception {
    var path = "/admin/initech/note/1";
    for (var i = 0; i < 5; i++) {
      assertEquals(204, send("PUT", path, token("admin")).status());
      assertEquals(200, send("GET", path, token("operator")).status());
      assertEquals(404, send("GET", "/nowhere", token("operator")).status());
    }
    var user = user("initech", "orders:read usage:read");
    // A user's request on an operator's route counts for no tenant either.
    assertEquals(403, send("GET", path, user).status());
    assertEquals(404, send("GET", "/orders/01ARZ3NDEKTSV4RRFFQ69G5FAV", user).status()); // one unit
    var totals = totals(user);
    var polls = 1;
    while (totals.path("readUnits").doubleValue() == 0) {
      Thread.sleep(10);
      totals = totals(user);
      polls++;
    }
    assertEquals(1, totals.path("readUnits").doubleValue());
    assertEquals(0, totals.path("writeUnits").doubleValue());
    assertTrue(totals.path("requests").longValue() <= 1 + polls, totals::toString);
  }

  private static JsonNode totals(String token) throws IOException {
    return json(send("GET", "/usage", token).text()).path("totals");
  }

  /** Waits for the line of a request. */
  private static JsonNode line(String logger, String requestId) throws InterruptedException {
    while (true) {
      for (var text : service.out()) {
        if (text.contains(requestId) && json(text).path("logger").textValue().equals(logger)) {
          return json(text);
        }
      }
      Thread.sleep(10);
    }
  }

  private static String token(String name) {
    return switch (name) {
      case "user" -> user("acme", "orders:read tenants:read tenants:admin");
      case "user without scopes" -> user("acme", "");
      case "operator" -> operator("tenants:read orders:read").signedBy(operatorIssuer.key());
      case "admin" -> operator("tenants:read tenants:admin").signedBy(operatorIssuer.key());
      case "operator without scopes" -> operator("").signedBy(operatorIssuer.key());
      case "operator with tenant" ->
          operator("tenants:read").claim("tenant_id", "acme").signedBy(operatorIssuer.key());
      case "operator of tenants' audience" ->
          operator("tenants:read")
              .claim("client_id", LocalOidcIssuer.AUDIENCE)
              .signedBy(operatorIssuer.key());
      case "operator of tenants' issuer" ->
          fixture
              .issuer
              .token("none", "olga", "tenants:read")
              .withoutClaim("tenant_id")
              .signedBy(fixture.issuer.key());
      case "operator of untrusted issuer" ->
          untrustedIssuer
              .token("none", "olga", "tenants:read")
              .withoutClaim("tenant_id")
              .claim("client_id", OPERATOR_AUDIENCE)
              .signedBy(untrustedIssuer.key());
      case "operator with another key" ->
          operator("tenants:read")
              .header("kid", fixture.issuer.key().id())
              .signedBy(fixture.issuer.key());
      case "none" -> "";
      default -> throw new IllegalArgumentException(name);
    };
  }

  private static String user(String tenant, String scope) {
    return fixture.issuer.token(tenant, "alice", scope).signedBy(fixture.issuer.key());
  }

  private static LocalToken operator(String scope) {
    return operatorIssuer
        .token("none", "olga", scope)
        .withoutClaim("tenant_id")
        .claim("client_id", OPERATOR_AUDIENCE);
  }

  private static RawResponse send(String method, String target, String token) throws IOException {
    return send(method, target, token, "Host: localhost");
  }

  private static RawResponse send(String method, String target, String token, String host)
      throws IOException {
    var authorization = token.isEmpty() ? "" : "Authorization: Bearer " + token + "\r\n";
    var head = method + " " + target + " HTTP/1.1\r\n" + host + "\r\n" + authorization + "\r\n";
    try (var client = new RawClient(service.port())) {
      return client.send(head.getBytes(StandardCharsets.ISO_8859_1)).read();
    }
  }

  private static JsonNode json(String text) {
    return Json.parse(text.getBytes(StandardCharsets.UTF_8));
  }
}
