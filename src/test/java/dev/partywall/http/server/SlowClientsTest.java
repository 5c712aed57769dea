package dev.partywall.http.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.concurrent.Conditions;
import dev.partywall.http.Response;
import dev.partywall.http.Route;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class SlowClientsTest {
  private static final Duration SHORT = Duration.ofMillis(200);

  @AutoClose
  private static final TestServer server =
      TestServer.start(
          new ListenerLimits(1_000, SHORT, SHORT, Duration.ofSeconds(1), 1_000, true),
          SHORT,
          Route.open("GET", "/big", _ -> Response.of(200, "text/plain", new byte[16 << 20])),
          Route.open("GET", "/blocking", _ -> blocking()));

  @Test
  void getA503WhenTheBodyDoesNotArriveInTime() throws IOException {
    try (var client = server.client()) {
      client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 50\r\n\r\nhal");

      var response = client.read();
      assertEquals(503, response.status());
      assertTrue(response.field("Retry-After").isPresent());
      assertTrue(response.closesConnection());
      assertTrue(client.isClosed());
    }
  }

  @Test
  void getA503ForEndlessChunks() throws IOException {
    try (var client = server.client()) {
      client.send("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\nhel");

      assertEquals(503, client.read().status());
      assertTrue(client.isClosed());
    }
  }

  @Test
  void areRejectedImmediatelyWhenTheBodyIsNotRead() throws IOException {
    try (var client = server.client()) {
      client.send("POST /reject HTTP/1.1\r\nHost: a\r\nContent-Length: 50\r\n\r\nhal");

      var response = client.read();
      assertEquals(401, response.status());
      assertTrue(response.closesConnection());
      assertTrue(client.isClosed());
    }
  }

  @Test
  void getConnectionCloseWhenTheBodyIsNotRead() throws IOException {
    try (var client = server.client()) {
      client.send("POST /unread HTTP/1.1\r\nHost: a\r\nContent-Length: 50\r\n\r\nhal");

      var response = client.read();
      assertEquals(200, response.status());
      assertTrue(response.closesConnection());
      assertTrue(client.isClosed());
    }
  }

  @Test
  void cannotSmuggleARequestInAnUnreadBody() throws IOException {
    try (var client = server.client()) {
      var inner = "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n";
      client.send("POST /reject HTTP/1.1\r\nHost: a\r\nContent-Length: 500\r\n\r\n" + inner);

      assertEquals(401, client.read().status());
      assertTrue(client.isClosed());
    }
  }

  @Test
  void areEndedIfTheyTakeNoResponse() throws IOException {
    var before = timeouts();
    try (var _ = server.client().get("/big")) {
      Conditions.await(() -> timeouts() > before, "the client keeps its connection");
    }
  }

  private static long timeouts() {
    return server.server.closedConnections().getOrDefault("response_timeout", 0L);
  }

  @Test
  void keepTheConnectionWhenTheHandlerTimesOut() throws IOException {
    try (var client = server.client()) {
      var response = client.get("/blocking").read();

      assertEquals(503, response.status());
      assertTrue(response.field("Retry-After").isPresent());
      assertFalse(response.closesConnection());
      assertEquals(200, client.get("/hello").read().status());
    }
  }

  private static Response blocking() {
    try {
      new CountDownLatch(1).await();
      return Response.of(200);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
