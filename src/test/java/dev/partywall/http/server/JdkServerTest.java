package dev.partywall.http.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.http.Request;
import dev.partywall.http.Response;
import dev.partywall.http.Route;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.SynchronousQueue;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class JdkServerTest {
  private static final byte[] BIG = new byte[8 << 20];
  private static final CountDownLatch DISCONNECTED = new CountDownLatch(1);
  private static final CompletableFuture<Response.SendResult> INTERRUPTED_SEND =
      new CompletableFuture<>();
  private static final SynchronousQueue<Response.SendResult> SENT = new SynchronousQueue<>();

  @AutoClose
  private static final TestServer server =
      TestServer.start(
          Route.open("GET", "/big", _ -> Response.of(200, "application/octet-stream", BIG)),
          Route.open("GET", "/notified", _ -> Response.json(200, "{}").onSent(JdkServerTest::put)),
          Route.open("GET", "/disconnect", _ -> awaitDisconnect()),
          Route.open("GET", "/unchanged", _ -> Response.of(304).with("ETag", "\"1\"")),
          Route.open("GET", "/empty", _ -> Response.of(200)),
          Route.open("GET", "/host", JdkServerTest::host),
          Route.open("GET", "/error", _ -> fail()),
          Route.open("GET", "/interrupted", _ -> interrupted()));

  @Test
  void respondsAndKeepsTheConnection() throws IOException {
    try (var client = server.client()) {
      for (var i = 0; i < 3; i++) {
        var response = client.get("/hello").read();
        assertEquals(200, response.status());
        assertEquals("{\"hello\":\"world\"}", response.text());
        assertEquals(Optional.of("application/json"), response.field("Content-Type"));
        assertTrue(response.field("Date").isPresent());
        assertFalse(response.closesConnection());
      }
    }
  }

  @Test
  void respondsToPipelinedRequestsInOrder() throws IOException {
    try (var client = server.client()) {
      var get = " HTTP/1.1\r\nHost: a\r\n\r\n";
      var fields = "\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 3\r\n\r\n[2]";
      var post = "POST /json HTTP/1.1" + fields;
      client.send("GET /things/1" + get + post + "GET /things/3" + get);

      assertEquals("1", client.read().text());
      assertEquals("[2]", client.read().text());
      assertEquals("3", client.read().text());
    }
  }

  @Test
  void respondsToHeadWithTheHeaderFieldsOfGetOnly() throws IOException {
    try (var client = server.client()) {
      for (var path : new String[] {"/hello", "/unknown", "/empty"}) {
        var get = client.get(path).read();
        var head = client.send("HEAD " + path + " HTTP/1.1\r\nHost: a\r\n\r\n").readHead();
        assertEquals(get.status(), head.status());
        assertEquals(get.field("Content-Length"), head.field("Content-Length"));
        assertEquals(get.field("Content-Type"), head.field("Content-Type"));
      }
    }
  }

  @Test
  void sendsNoBodyForStatusesWithoutABody() throws IOException {
    try (var client = server.client()) {
      var deleted = client.send("DELETE /things/1 HTTP/1.1\r\nHost: a\r\n\r\n").readHead();
      assertEquals(204, deleted.status());
      assertTrue(deleted.field("Content-Length").isEmpty());
      assertTrue(deleted.field("Transfer-Encoding").isEmpty());
      var unchanged = client.get("/unchanged").readHead();
      assertEquals(304, unchanged.status());
      assertEquals(Optional.of("\"1\""), unchanged.field("ETag"));
      assertEquals(Optional.of("0"), client.get("/empty").read().field("Content-Length"));
      assertEquals(200, client.get("/hello").read().status());
    }
  }

  @Test
  void respondsToOptionsWithTheMethodsOfThePath() throws IOException {
    try (var client = server.client()) {
      var options = client.send("OPTIONS /things/1 HTTP/1.1\r\nHost: a\r\n\r\n").readHead();
      assertEquals(204, options.status());
      assertEquals(Optional.of("DELETE, GET, HEAD, OPTIONS"), options.field("Allow"));
      client.send("OPTIONS /unknown HTTP/1.1\r\nHost: a\r\n\r\n");
      assertEquals(404, client.read().status());
    }
  }

  @Test
  void respondsToHttp10WithoutChunks() throws IOException {
    try (var client = server.client()) {
      var response = client.send("GET /big HTTP/1.0\r\n\r\n").readHead();
      assertEquals(Optional.of("8388608"), response.field("Content-Length"));
      assertEquals(Optional.empty(), response.field("Transfer-Encoding"));
    }
  }

  @Test
  void servesATargetInAbsoluteForm() throws IOException {
    try (var client = server.client()) {
      client.send("GET http://b:80/host HTTP/1.1\r\nHost: a\r\n\r\n");
      assertEquals("b:80", client.read().text());
      client.send("GET HTTPS://B/host HTTP/1.1\r\nHost: a\r\n\r\n");
      assertEquals("B", client.read().text());
    }
  }

  @Test
  void rejectsMoreThan100FieldsAndKeepsTheConnection() throws IOException {
    try (var client = server.client()) {
      for (var name : new String[] {"X", "X-%d"}) {
        assertEquals(200, client.send(withFields(name, 99)).read().status());
        var response = client.send(withFields(name, 100)).read();
        assertEquals(431, response.status());
        assertTrue(response.text().contains("\"The request has more than 100 header fields.\""));
        assertEquals(431, client.send(withFields(name, 250)).read().status());
      }
    }
  }

  private static String withFields(String name, int count) {
    var fields = new StringBuilder("GET /hello HTTP/1.1\r\nHost: a\r\n");
    for (var i = 0; i < count; i++) {
      fields.append(name.formatted(i)).append(": v\r\n");
    }
    return fields + "\r\n";
  }

  @Test
  void sendsALargeResponseCompletely() throws IOException {
    try (var client = server.client()) {
      assertEquals(BIG.length, client.get("/big").read().text().length());
      assertEquals(200, client.get("/hello").read().status());
    }
  }

  @Test
  void notifiesListenersAfterTheLastByte() throws Exception {
    try (var client = server.client()) {
      client.get("/notified").read();
      var sent = SENT.take();

      assertEquals(2, sent.bytes());
      assertTrue(sent.complete());
      assertTrue(sent.duration().isPositive());
      client.send("HEAD /notified HTTP/1.1\r\nHost: a\r\n\r\n").readHead();
      assertEquals(0, SENT.take().bytes());
    }
  }

  @Test
  void notifiesListenersWhenTheClientDisconnects() throws Exception {
    try (var client = server.client()) {
      client.get("/disconnect").reset();
      DISCONNECTED.countDown();

      assertFalse(INTERRUPTED_SEND.get().complete());
    }
  }

  @Test
  void respondsToAnErrorWithoutDetails() throws IOException {
    try (var client = server.client()) {
      var response = client.get("/error").read();
      assertEquals(500, response.status());
      assertFalse(response.text().contains("secret") || response.text().contains("java"));
    }
  }

  @Test
  void writesTheResponseDespiteAPendingInterrupt() throws IOException {
    try (var client = server.client()) {
      assertEquals(200, client.get("/interrupted").read().status());
      assertEquals(200, client.get("/hello").read().status());
    }
  }

  private static Response awaitDisconnect() {
    try {
      DISCONNECTED.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return Response.of(200, "application/octet-stream", BIG).onSent(INTERRUPTED_SEND::complete);
  }

  private static Response host(Request request) {
    var host = request.headers().first("Host").orElseThrow();
    return Response.of(200, "text/plain", host.getBytes(StandardCharsets.US_ASCII));
  }

  private static Response fail() {
    throw new StackOverflowError("secret");
  }

  private static Response interrupted() {
    Thread.currentThread().interrupt();
    return Response.json(200, "{}");
  }

  private static void put(Response.SendResult sent) {
    try {
      SENT.put(sent);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
