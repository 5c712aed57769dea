package dev.partywall.http.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.concurrent.Conditions;
import dev.partywall.http.Response;
import dev.partywall.http.Route;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class ClientWaitsTest {
  private static final String UNFINISHED = "GET /hello HTTP/1.1\r\nHost: a\r\nX-Slow: ";

  @Test
  void theLongestWaitIsAborted() throws Exception {
    var waits = new ClientWaits(2, Duration.ofSeconds(60), System::nanoTime);
    var threads = new Thread[3];
    for (var i = 0; i < threads.length; i++) {
      threads[i] = Thread.ofPlatform().daemon().start(LockSupport::park);
      waits.begin(threads[i]);
    }
    threads[0].join(); // the interrupt ends its wait
    assertTrue(threads[1].isAlive());
    assertTrue(threads[2].isAlive());
    threads[1].interrupt();
    threads[2].interrupt();
    assertEquals(1, waits.aborted());
  }

  @Test
  void aWaitForHeaderFieldsIsAbortedAboveTheLimit() throws Exception {
    try (var server = start(2);
        var first = server.client().send(UNFINISHED);
        var second = server.client().send(UNFINISHED);
        var third = server.client().send(UNFINISHED)) {
      awaitAborted(server, 1);
      var served = 0;
      for (var client : List.of(first, second, third)) {
        served += isServed(client) ? 1 : 0;
      }
      assertEquals(2, served);
    }
  }

  /**
   * Completes the header fields. The server may not have read the unfinished fields, which turns
   * the end of the connection into a reset.
   */
  private static boolean isServed(RawClient client) {
    try {
      return client.send("x\r\n\r\n").read().status() == 200;
    } catch (IOException _) {
      return false;
    }
  }

  private static void awaitAborted(TestServer server, long count) {
    Conditions.await(
        () -> server.server.closedConnections().getOrDefault("slow_client", 0L) >= count,
        "too few waits are aborted");
  }

  @Test
  void manySlowClientsDoNotAffectACompleteRequest() throws Exception {
    try (var server = start(2)) {
      var slow = new RawClient[20];
      for (var i = 0; i < slow.length; i++) {
        slow[i] = server.client().send(UNFINISHED);
      }
      awaitAborted(server, 18);
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
    var entered = new CountDownLatch(1);
    var ended = new CountDownLatch(1);
    var route =
        Route.open(
            "GET",
            "/big",
            _ -> {
              entered.countDown();
              return Response.of(200, "text/plain", big).onSent(_ -> ended.countDown());
            });
    try (var server = start(1, route);
        var unread = server.client().get("/big")) {
      entered.await(); // before, its own request would be the longest wait
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

  static TestServer start(int maxClientWaits, Route... routes) {
    var limits =
        new ListenerLimits(
            1_000,
            Duration.ofSeconds(9),
            Duration.ofSeconds(1),
            Duration.ofSeconds(60),
            maxClientWaits,
            true);
    return TestServer.start(limits, Duration.ofSeconds(9), routes);
  }
}
