package dev.partywall.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.PartywallProcess;
import dev.partywall.http.server.RawClient;
import dev.partywall.http.server.RawClient.RawResponse;
import dev.partywall.local.LocalDynamo;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the complete service over HTTP. */
@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
class ServiceTest {
  private static ServiceFixture fixture;
  private static PartywallProcess service;

  @BeforeAll
  static void start(LocalDynamo dynamo) throws Exception {
    fixture = new ServiceFixture(dynamo);
    service = new PartywallProcess(fixture.environment()).awaitReady();
  }

  @AfterAll
  static void stop() throws Exception {
    service.close();
    fixture.close();
  }

  @Test
  void servesTheApiDescriptionWithoutAToken() throws IOException {
    var description = send("GET", "/openapi.json", "");
    assertEquals(200, description.status());
    assertTrue(description.text().contains("\"openapi\":\"3.1.0\""));
    var head = send("HEAD", "/openapi.json", "");
    assertEquals(200, head.status());
    assertEquals(description.field("Content-Length"), head.field("Content-Length"));
    assertEquals("", head.text());
  }

  @ParameterizedTest
  @CsvSource({
    "/openapi.json, 'GET, HEAD, OPTIONS'",
    "/orders, 'GET, HEAD, OPTIONS, POST'",
    "/orders/x, 'DELETE, GET, HEAD, OPTIONS, PUT'",
    "/usage, 'GET, HEAD, OPTIONS'",
  })
  void answersOptionsWithoutAToken(String path, String allow) throws IOException {
    var response = send("OPTIONS", path, "");
    assertEquals(204, response.status());
    assertEquals(Optional.of(allow), response.field("Allow"));
    assertEquals(Optional.of(allow), send("PATCH", path, bearer()).field("Allow"));
  }

  @ParameterizedTest
  @CsvSource({
    "POST,    /openapi.json, 405, 405",
    "GET,     /orders,       401, 200",
    "HEAD,    /orders,       401, 200",
    "PATCH,   /orders,       401, 405",
    "BREW,    /orders/x,     401, 405",
    "GET,     /orders/x,     401, 404",
    "HEAD,    /orders/x,     401, 404",
    "GET,     /nowhere,      401, 404",
    "OPTIONS, /nowhere,      401, 404",
    "GET,     /usage,        401, 403",
  })
  void requiresATokenExceptOnOpenRoutes(
      String method, String path, int statusWithoutToken, int statusWithToken) throws IOException {
    assertEquals(statusWithoutToken, send(method, path, "").status());
    var response = send(method, path, bearer());
    assertEquals(statusWithToken, response.status());
    assertEquals(statusWithToken == 405, response.field("Allow").isPresent());
  }

  @ParameterizedTest
  @CsvSource({
    "GET,    /orders?page=2,            401, page",
    "GET,    /orders?limit=1&tenant=x,  401, tenant",
    "POST,   /orders?dry=true,          401, dry",
    "GET,    /orders/x?expand=items,    401, expand",
    "PUT,    /orders/x?force,           401, force",
    "DELETE, /orders/x?if=1,            401, if",
    "GET,    /tenant?id=globex,         401, id",
    "GET,    /openapi.json?format=yaml, 400, format",
    "HEAD,   /openapi.json?v=1,         400, ''",
  })
  void rejectsUnknownQueryParametersAfterTheToken(
      String method, String target, int statusWithoutToken, String parameter) throws IOException {
    assertEquals(statusWithoutToken, send(method, target, "").status());
    var response = send(method, target, bearer());
    assertEquals(400, response.status());
    var fault = "\"errors\":[{\"parameter\":\"" + parameter + "\",\"detail\":\"is unknown\"}]";
    assertTrue(method.equals("HEAD") || response.text().contains(fault), response::text);
  }

  @Test
  void authorizationPrecedesTheQuery() throws IOException {
    assertEquals(403, send("GET", "/usage?from=2026-11-24T08:00:00Z&x=1", bearer()).status());
    assertEquals(405, send("PATCH", "/orders?x=1", bearer()).status());
    assertEquals(404, send("GET", "/nowhere?x=1", bearer()).status());
  }

  @ParameterizedTest
  @CsvSource({"/health/live", "/health/ready", "/metrics"})
  void theManagementRoutesRejectQueryParameters(String path) throws IOException {
    var request = "GET " + path + "?x=1 HTTP/1.1\r\nHost: localhost\r\n\r\n";
    try (var client = new RawClient(service.managementPort())) {
      client.send(request.getBytes(StandardCharsets.ISO_8859_1));
      assertEquals(400, client.read().status());
    }
  }

  @Test
  void redactsTokensInThePath() throws IOException {
    var token = fixture.token("acme", "alice");
    for (var path : new String[] {"/orders/" + token, "/" + token + "?access_token=" + token}) {
      var response = send("GET", path, "");
      assertEquals(401, response.status());
      assertTrue(response.text().contains("[token]"), response::text);
      assertFalse(response.toString().contains(token), response::text);
    }
  }

  @Test
  void keepsTheConnectionAfterEveryResponseToAParsedBody() throws IOException {
    var order = "{\"currency\":\"EUR\",\"items\":[%s],\"status\":\"placed\"}";
    var valid = order.formatted("{\"sku\":\"A\",\"name\":\"B\",\"quantity\":1,\"unitPrice\":1}");
    var draft = valid.replace(",\"status\":\"placed\"", "");
    try (var client = new RawClient(service.port())) {
      var placed = exchange(client, "POST /orders", "", draft);
      assertEquals(201, placed.status());
      var put = "PUT " + placed.field("Location").orElseThrow();
      assertEquals(428, exchange(client, put, "", valid).status());
      assertEquals(412, exchange(client, put, "If-Match: \"7\"\r\n", valid).status());
      var first = "If-Match: \"1\"\r\n";
      assertEquals(422, exchange(client, put, first, order.formatted("")).status());
      assertEquals(404, exchange(client, put + "x", first, valid).status());
      var cancelled = valid.replace("\"placed\"", "\"cancelled\"");
      assertEquals(200, exchange(client, put, first, cancelled).status());
      assertEquals(409, exchange(client, put, "If-Match: \"2\"\r\n", cancelled).status());
      assertEquals(400, exchange(client, "POST /orders", "", "{\"a\":1}").status());
      assertEquals(201, exchange(client, "POST /orders", "", draft).status());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"W/\"1\"", "w/\"1\""})
  void explainsThatAWeakEntityTagNeverMatches(String tag) throws IOException {
    try (var client = new RawClient(service.port())) {
      var json =
          "{\"currency\":\"EUR\",\"items\":[{\"sku\":\"A\",\"name\":\"B\",\"quantity\":1,\"unitPrice\":1}]";
      var placed = exchange(client, "POST /orders", "", json + "}");
      var put = "PUT " + placed.field("Location").orElseThrow();
      var rejected =
          exchange(client, put, "If-Match: " + tag + "\r\n", json + ",\"status\":\"placed\"}");
      assertEquals(tag.startsWith("W") ? 412 : 400, rejected.status());
      assertEquals(tag.startsWith("W"), rejected.text().contains("weak entity tag (W/)"));
    }
  }

  @Test
  void servesHttp10WithoutAHostOnBothPorts() throws IOException {
    assertEquals(200, send10(service.port(), "/openapi.json").status());
    assertEquals(200, send10(service.managementPort(), "/health/ready").status());
    assertEquals(404, send10(service.managementPort(), "/nowhere").status());
  }

  private static RawResponse send10(int port, String target) throws IOException {
    try (var client = new RawClient(port)) {
      return client
          .send(("GET " + target + " HTTP/1.0\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1))
          .read();
    }
  }

  private static RawResponse exchange(RawClient client, String line, String fields, String json)
      throws IOException {
    var head =
        line
            + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            + "Content-Length: "
            + json.length()
            + "\r\n"
            + bearer()
            + fields
            + "\r\n";
    return client.send((head + json).getBytes(StandardCharsets.ISO_8859_1)).read();
  }

  private static String bearer() {
    return "Authorization: Bearer " + fixture.token("acme", "alice") + "\r\n";
  }

  private static RawResponse send(String method, String target, String fields) throws IOException {
    var head = method + " " + target + " HTTP/1.1\r\nHost: localhost\r\n" + fields + "\r\n";
    try (var client = new RawClient(service.port())) {
      client.send(head.getBytes(StandardCharsets.ISO_8859_1));
      return method.equals("HEAD") ? client.readHead() : client.read();
    }
  }
}
