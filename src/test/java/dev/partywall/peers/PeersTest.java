package dev.partywall.peers;

import static dev.partywall.peers.PeersFixture.ACME;
import static dev.partywall.peers.PeersFixture.ALICE;
import static dev.partywall.peers.PeersFixture.NAME;
import static dev.partywall.peers.PeersFixture.TOKEN;
import static dev.partywall.peers.PeersFixture.TRACE;
import static dev.partywall.peers.PeersFixture.alice;
import static dev.partywall.peers.PeersFixture.asAlice;
import static dev.partywall.peers.PeersFixture.bound;
import static dev.partywall.peers.PeersFixture.execution;
import static dev.partywall.peers.PeersFixture.json;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.partywall.http.client.ScriptedServer;
import dev.partywall.service.Peer;
import dev.partywall.service.Peer.Call;
import dev.partywall.tenancy.BearerToken;
import dev.partywall.tenancy.Execution;
import dev.partywall.tenancy.Identity;
import dev.partywall.tenancy.TenantContext;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the requests to peers, and for whom they are sent. */
@Timeout(60)
class PeersTest {
  private final PeersFixture fixture = new PeersFixture();
  private final ScriptedServer server = fixture.server;
  private final List<String> outcomes = fixture.outcomes;
  private final Peer peer = fixture.peer;

  PeersTest() throws IOException {}

  @AfterEach
  void close() throws IOException {
    fixture.close();
  }

  @Test
  void forwardsTokenTraceAndRemainingTimeAndNothingElse() {
    server.script(ScriptedServer.responds("200 OK", "{\"id\":\"7\"}"));
    var reply = asAlice(Duration.ofSeconds(5), () -> peer.get("/orders/{id}", "7"));
    assertEquals(200, reply.status());
    assertEquals(json("{\"id\":\"7\"}"), reply.body());
    assertEquals(Optional.of("10"), reply.headers().first("content-length"));
    var received = server.requests().getFirst();
    assertEquals("GET /prefix/orders/7 HTTP/1.1", received.line());
    var fields = new TreeMap<>(received.fields());
    assertTrue(String.valueOf(fields.remove("user-agent")).startsWith("Java-http-client/"));
    assertEquals(
        Map.of(
            "host",
            server.url("").getAuthority(),
            "accept",
            "application/json",
            "authorization",
            "Bearer " + TOKEN,
            "request-timeout-ms",
            "4750",
            "traceparent",
            "00-" + TRACE + "-0000000000000001-01",
            "tracestate",
            "vendor=1"),
        fields);
    assertEquals(List.of(NAME + " REPLIED"), outcomes);
  }

  @Test
  void sendsBodiesAndThePermittedFields() {
    var body = JsonNodeFactory.instance.objectNode().put("note", "€");
    var call =
        Call.of("PUT", "/orders/{id}", "7")
            .with("If-Match", "\"1\"")
            .with("idempotency-key", "\"k\"")
            .with(body);
    var reply = asAlice(Duration.ofSeconds(30), () -> peer.send(call));
    assertEquals(204, reply.status());
    assertTrue(reply.body().isMissingNode());
    var received = server.requests().getFirst();
    assertEquals("PUT /prefix/orders/7 HTTP/1.1", received.line());
    assertEquals("{\"note\":\"€\"}", received.body());
    assertEquals("application/json", received.fields().get("content-type"));
    assertEquals("\"1\"", received.fields().get("if-match"));
    assertEquals("\"k\"", received.fields().get("idempotency-key"));
    assertEquals("9000", received.fields().get("request-timeout-ms"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Authorization",
        "X-Tenant",
        "Tenant",
        "Host",
        "Cookie",
        "traceparent",
        "Request-Timeout-Ms",
        "Content-Length",
        "X-Forwarded-For"
      })
  void rejectsOtherFields(String name) {
    assertThrows(
        IllegalArgumentException.class, () -> Call.of("GET", "/orders").with(name, "acme"));
  }

  @ParameterizedTest
  @CsvSource({"TRACE, /", "CONNECT, /", "get, /", "GET, orders", "GET, ''", "GET, http://e.com"})
  void rejectsOtherMethodsAndRelativePaths(String method, String path) {
    assertThrows(IllegalArgumentException.class, () -> Call.of(method, path));
  }

  @Test
  void callsTheUrlOfTheNamedPeer() {
    assertEquals(204, asAlice(() -> fixture.peers.send("other", Call.of("GET", "/a"))).status());
    assertEquals("GET /a HTTP/1.1", server.requests().getFirst().line());
    assertEquals(List.of("other REPLIED"), outcomes);
  }

  @Test
  void sendsNothingWithoutACaller() {
    assertRejected(() -> peer.get("/orders"));
    assertRejected(() -> execution().call(() -> peer.get("/orders")));
    assertRejected(() -> TenantContext.call(ACME, () -> peer.get("/orders")));
    var anonymous = execution();
    assertRejected(() -> bound(anonymous, () -> peer.get("/orders")));
    var withoutToken = execution();
    withoutToken.setIdentity(ALICE);
    assertRejected(() -> bound(withoutToken, () -> peer.get("/orders")));
    assertEquals(List.of(), outcomes);
    assertEquals(List.of(), server.requests());
  }

  @Test
  void doesNotForwardAnOperatorsToken() {
    var operator = execution();
    operator.setIdentity(new Identity.Operator("olga", Set.of()));
    operator.setToken(new BearerToken(TOKEN));
    assertRejected(() -> operator.call(() -> peer.get("/orders")));
    assertRejected(() -> bound(operator, () -> peer.get("/orders")));
    assertEquals(List.of(), server.requests());
  }

  @Test
  void sendsNothingAfterTheTenantsBindingHasEnded() throws Exception {
    var execution = alice(Duration.ofSeconds(30));
    bound(execution, () -> peer.get("/orders"));
    assertRejected(() -> execution.call(() -> peer.get("/orders")));
    var thrown = new CompletableFuture<Boolean>();
    var executor = Execution.propagating(task -> Thread.ofVirtual().start(task));
    Runnable task =
        () -> {
          assertRejected(() -> peer.get("/orders"));
          thrown.complete(true);
        };
    bound(
        execution,
        () -> {
          executor.execute(task);
          return peer.get("/orders");
        });
    assertTrue(thrown.get());
    assertEquals(2, server.requests().size());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", ".."})
  void returns404ForAPathThatNamesNoResource(String id) {
    var reply = asAlice(() -> peer.get("/orders/{id}", id));
    assertEquals(404, reply.status());
    assertTrue(reply.body().isMissingNode());
    assertEquals(List.of(), server.requests());
  }

  @ParameterizedTest
  @CsvSource({
    "200 OK, {}, {}",
    "404 Not Found, '{\"type\":\"x\"}', '{\"type\":\"x\"}'",
    "401 Unauthorized, {}, {}",
    "429 Too Many Requests, <html>, ",
    "500 Internal Server Error, <html>, ",
    "302 Found, '', ",
  })
  void returnsEveryOtherStatus(String status, String body, String expected) {
    server.script(ScriptedServer.responds(status, body));
    var reply = asAlice(() -> peer.get("/orders"));
    assertEquals(Integer.parseInt(status.substring(0, 3)), reply.status());
    assertEquals(expected == null, reply.body().isMissingNode());
    assertEquals(expected == null ? "" : expected, reply.body().toString());
    assertEquals(1, server.requests().size());
  }

  private static void assertRejected(Supplier<Peer.Reply> call) {
    assertThrows(IllegalStateException.class, call::get);
  }
}
