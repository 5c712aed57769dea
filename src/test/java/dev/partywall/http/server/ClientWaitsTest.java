package dev.partywall.http.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.http.Response;
import dev.partywall.http.Route;
import java.io.IOException;
import java.net.SocketException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ClientWaitsTest {
  private static final String UNFINISHED = "GET /hello HTTP/1.1\r\nHost: a\r\nX-Slow: ";

  @Test
  void theLongestWaitForHeaderFieldsIsAborted() throws IOException {
    try (var server = start(2);
        var first = server.client().send(UNFINISHED);
        var second = server.client().send(UNFINISHED);
        var third = server.client().send(UNFINISHED)) {
      assertTrue(isClosedOrReset(first));
      assertEquals(200, second.send("x\r\n\r\n").read().status());
      assertEquals(200, third.send("x\r\n\r\n").read().status());
      assertEquals(1L, server.server.closedConnections().get("slow_client"));
    }
  }

  /** The server may not have read the unfinished fields, which turns the end into a reset. */
  private static boolean isClosedOrReset(RawClient client) throws IOException {
    try {
      return client.isClosed();
    } catch (SocketException _) {
      return true;
    }
  }

  @Test
  void manySlowClientsDoNotAffectACompleteRequest() throws IOException {
    try (var server = start(2)) {
      var slow = new RawClient[20];
      for (var i = 0; i < slow.length; i++) {
        slow[i] = server.client().send(UNFINISHED);
      }
      for (var i = 0; i < 20; i++) {
        try (var client = server.client()) {
          assertEquals(200, client.get("/hello").read().status());
        }
      }
      for (var client : slow) {
        client.close();
      }
    }
  }

  @Test
  void theLongestWaitForAClientThatTakesNoResponseIsAborted() throws Exception {
    var big = new byte[16 << 20];
    var ended = new CountDownLatch(1);
    var route =
        Route.open(
            "GET", "/big", _ -> Response.of(200, "text/plain", big).onSent(_ -> ended.countDown()));
    try (var server = start(1, route);
        var unread = server.client().get("/big")) {
      while (!ended.await(10, TimeUnit.MILLISECONDS)) {
        server.client().send(UNFINISHED).close(); // one more wait
      }

      assertThrows(IOException.class, () -> readToEnd(unread, big.length));
    }
  }

  private static void readToEnd(RawClient client, int length) throws IOException {
    if (client.read().text().length() < length) {
      throw new IOException("the response is incomplete");
    }
  }

  private static TestServer start(int maxClientWaits, Route... routes) {
    var limits =
        new JdkServer.Limits(1_000, Duration.ofSeconds(9), Duration.ofSeconds(1), maxClientWaits);
    return TestServer.start(limits, Duration.ofSeconds(9), routes);
  }
}
