package dev.partywall.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.partywall.http.client.ScriptedServer;
import dev.partywall.http.server.RawClient;
import dev.partywall.http.server.RawClient.RawResponse;
import dev.partywall.json.Json;
import dev.partywall.local.LocalDynamo;
import dev.partywall.notes.OrderNoteRoutes;
import dev.partywall.observability.log.SuiteLog;
import dev.partywall.orders.OrderRoutes;
import dev.partywall.service.Capability;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Two services with the same issuer and AWS: one calls the other over HTTP. */
@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
@Timeout(120)
class PeerServiceTest {
  private static final String ORDER =
      "{\"currency\":\"EUR\",\"items\":[{\"sku\":\"A-1\",\"name\":\"Brick\",\"quantity\":2,"
          + "\"unitPrice\":990}]}";

  @TempDir private static Path folder;
  private static InProcessService stack;
  private static Service orders;
  private static Service notes;

  @BeforeAll
  static void start(LocalDynamo dynamo) throws Exception {
    stack = new InProcessService(dynamo);
    orders = start("orders", OrderRoutes::of, "");
    notes = start("notes", OrderNoteRoutes::of, "orders=http://127.0.0.1:" + orders.port());
  }

  /** Both use the tables of orders; the other capability stores nothing. */
  private static Service start(String journal, Capability capability, String peers)
      throws Exception {
    var declarations = ServiceFixture.declare(List.of(capability));
    var environment = new HashMap<>(stack.fixture.environment());
    environment.put("PARTYWALL_SERVICE", "orders");
    environment.put("PARTYWALL_JOURNAL_DIR", folder.resolve(journal).toString());
    environment.put("PARTYWALL_PEERS", peers);
    return InProcessService.awaitReady(
        Service.start(Settings.from(environment, declarations), declarations));
  }

  @AfterAll
  static void stop() {
    notes.drain();
    orders.drain();
    stack.close();
  }

  @Test
  void theOtherServiceWorksForTheSameTenant() throws IOException {
    var placed = json(send(notes, "POST", "/order-notes", "acme", "", ORDER), 201);
    assertEquals("alice", placed.path("userId").textValue());
    var path = "/order-notes/" + placed.path("id").textValue();
    assertEquals(placed, json(send(notes, "GET", path, "acme", "", ""), 200));
    assertEquals(404, send(notes, "GET", path, "globex", "", "").status());
    assertEquals(404, send(notes, "GET", path, "globex", "X-Tenant: acme\r\n", "").status());
  }

  @Test
  void theLogLinesOfBothServicesShareTenantUserAndTrace() throws Exception {
    var lines =
        captureAccessLines(
            "4bf92f3577b34da6a3ce929d0e0e4736",
            parent -> send(notes, "GET", "/order-notes/01X", "acme", parent, ""));
    assertEquals(2, lines.size(), lines::toString);
    assertEquals(
        Set.of("/orders/{id}", "/order-notes/{id}"),
        Set.copyOf(lines.stream().map(line -> line.path("route").textValue()).toList()));
    for (var line : lines) {
      assertEquals("acme", line.path("tenant").textValue());
      assertEquals("alice", line.path("user").textValue());
      assertEquals(404, line.path("status").intValue());
    }
    assertNotEquals(
        lines.getFirst().path("spanId").textValue(), lines.getLast().path("spanId").textValue());
    assertNotEquals(
        lines.getFirst().path("requestId").textValue(),
        lines.getLast().path("requestId").textValue());
  }

  @Test
  void anOpenRouteCallsNoPeerEvenWithAToken() throws Exception {
    var lines =
        captureAccessLines(
            "0af7651916cd43dd8448eb211c80319c",
            parent -> send(notes, "GET", "/public/01X", "acme", parent, ""));
    assertEquals(1, lines.size(), lines::toString);
    assertEquals(500, lines.getFirst().path("status").intValue());
  }

  @Test
  void forwardsExactlyTheExpectedFields() throws Exception {
    try (var recorder = new ScriptedServer()) {
      recorder.script(ScriptedServer.responds("200 OK", "{}"));
      var caller = start("recorded", OrderNoteRoutes::of, "orders=" + recorder.url("/v1/"));
      var token = stack.fixture.token("acme", "alice");
      var fields =
          """
          X-Tenant: globex\r
          Tenant: globex\r
          X-Forwarded-For: 192.0.2.1\r
          Cookie: session=1\r
          Idempotency-Key: "key"\r
          If-Match: "1"\r
          X-Request-Id: forged\r
          traceparent: 00-a3ce929d0e0e47364bf92f3577b34da6-00f067aa0ba902b7-01\r
          tracestate: vendor=1\r
          Request-Timeout-Ms: 5000\r
          """;
      var trace = "00-a3ce929d0e0e47364bf92f3577b34da6-";
      assertEquals(200, sendAs(token, caller, "GET", "/order-notes/7", fields, "").status());
      var received = recorder.requests().getFirst();
      assertEquals("GET /v1/orders/7 HTTP/1.1", received.line());
      assertEquals(
          Set.of(
              "host",
              "user-agent",
              "accept",
              "authorization",
              "traceparent",
              "tracestate",
              "request-timeout-ms"),
          received.fields().keySet());
      assertEquals("Bearer " + token, received.fields().get("authorization"));
      var traceParent = String.valueOf(received.fields().get("traceparent"));
      assertTrue(traceParent.startsWith(trace));
      assertFalse(traceParent.contains("00f067aa0ba902b7"));
      var left = Integer.parseInt(received.fields().get("request-timeout-ms"));
      assertTrue(left > 0 && left <= 4_750, () -> left + " ms");
      caller.drain();
    }
  }

  @Test
  void anUnavailablePeerResultsIn503() throws Exception {
    var unused = new ScriptedServer();
    unused.close();
    var caller = start("unavailable", OrderNoteRoutes::of, "orders=" + unused.url(""));
    var response = send(caller, "GET", "/order-notes/7", "acme", "", "");
    assertEquals(503, response.status());
    assertEquals(Optional.of("2"), response.field("Retry-After"));
    assertTrue(response.text().contains("A service that this request requires is unavailable."));
    var port = String.valueOf(unused.url("").getPort());
    assertFalse(response.text().contains(port), response::text);
    try (var client = new RawClient(caller.managementPort())) {
      client.send(
          "GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.UTF_8));
      var metric = "partywall_peer_requests_total{outcome=\"failed\",peer=\"orders\"} 1.0";
      assertTrue(client.read().text().contains(metric));
    }
    caller.drain();
  }

  @Test
  void aHangingPeerResultsIn503BeforeTheCallersDeadline() throws Exception {
    try (var hanging = new ScriptedServer()) {
      hanging.script(hanging.hangsAfter(""));
      var caller = start("hanging", OrderNoteRoutes::of, "orders=" + hanging.url(""));
      var timeout = "Request-Timeout-Ms: 1000\r\n";
      do { // on a busy machine, the time can end before the peer gets the request
        var response = send(caller, "GET", "/order-notes/7", "acme", timeout, "");
        assertEquals(503, response.status());
        // Not the text of the request timeout: the call ends before.
        assertTrue(
            response.text().contains("A service that this request requires is unavailable."),
            response::text);
      } while (hanging.requests().isEmpty());
      hanging.awaitDisconnected();
      caller.drain();
    }
  }

  private interface Work {
    RawResponse run(String traceParent) throws IOException;
  }

  /** Returns the access lines of the work, which sends one request in this trace. */
  private static List<JsonNode> captureAccessLines(String trace, Work work) throws Exception {
    var lines = new ConcurrentLinkedQueue<String>();
    var unsubscribe = SuiteLog.addListener(lines::add);
    var _ = work.run("traceparent: 00-" + trace + "-00f067aa0ba902b7-01\r\n");
    while (accessLines(lines, trace).stream().noneMatch(PeerServiceTest::isOuter)) {
      Thread.sleep(5); // the line is written after the response
    }
    SuiteLog.errorLines(); // waits for all lines
    unsubscribe.run();
    return accessLines(lines, trace);
  }

  private static boolean isOuter(JsonNode line) {
    return !line.path("route").asText().startsWith("/orders");
  }

  private static List<JsonNode> accessLines(Iterable<String> lines, String trace) {
    var access = new ArrayList<JsonNode>();
    for (var line : lines) {
      if (line.contains("\"logger\":\"access\"") && line.contains(trace)) {
        access.add(Json.parse(line.getBytes(StandardCharsets.UTF_8)));
      }
    }
    return access;
  }

  private static JsonNode json(RawResponse response, int status) {
    assertEquals(status, response.status(), response::text);
    return Json.parse(response.text().getBytes(StandardCharsets.UTF_8));
  }

  private static RawResponse send(
      Service service, String method, String path, String tenant, String fields, String body)
      throws IOException {
    var token = stack.fixture.token(tenant, "alice");
    return sendAs(token, service, method, path, fields, body);
  }

  private static RawResponse sendAs(
      String token, Service service, String method, String path, String fields, String body)
      throws IOException {
    var content =
        body.isEmpty()
            ? ""
            : "Content-Type: application/json\r\nContent-Length: " + body.length() + "\r\n";
    var request =
        "%s %s HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n%s%s\r\n%s"
            .formatted(method, path, token, fields, content, body);
    try (var client = new RawClient(service.port())) {
      return client.send(request.getBytes(StandardCharsets.ISO_8859_1)).read();
    }
  }
}
