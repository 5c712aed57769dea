package dev.partywall.http.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.concurrent.Conditions;
import dev.partywall.http.Response;
import dev.partywall.http.Route;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class DrainTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(20);
  private static final Duration QUIET_PERIOD = Duration.ofSeconds(2);

  private final BlockingRoute blocking = new BlockingRoute();

  @Test
  void losesNoRequestUnderLoad() throws Exception {
    var warm = new CountDownLatch(2_000);
    try (var server = TestServer.start();
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var clients = new ArrayList<Future<Boolean>>();
      for (var i = 0; i < 50; i++) {
        clients.add(threads.submit(() -> requestUntilConnectionClose(server, warm)));
      }
      warm.await();

      assertTrue(server.server.drain(TIMEOUT, QUIET_PERIOD));

      for (var client : clients) {
        assertTrue(client.get(), "every client got Connection: close and could not reconnect");
      }
    }
  }

  /** Sends requests until a response closes the connection. A request without a response throws. */
  private static boolean requestUntilConnectionClose(TestServer server, CountDownLatch warm)
      throws IOException {
    try (var client = server.client()) {
      while (!client.get("/hello").read().closesConnection()) {
        warm.countDown();
      }
    }
    assertThrows(ConnectException.class, server::client);
    return true;
  }

  @Test
  void completesRequestsInFlightAndRefusesNewConnections() throws Exception {
    try (var server = TestServer.start(blocking.route());
        var busy = server.client();
        var observer = server.client()) {
      busy.get("/blocking");
      blocking.entered.await();
      var drained = server.startDrain(TIMEOUT);
      awaitListenerClosed(server, observer);

      blocking.release.countDown();

      var response = busy.read();
      assertEquals(200, response.status());
      assertTrue(response.closesConnection());
      assertTrue(drained.get());
    }
  }

  @Test
  void servesRequestsThatArriveOnOpenConnections() throws Exception {
    try (var server = TestServer.start(blocking.route());
        var busy = server.client();
        var idle = server.client();
        var observer = server.client()) {
      assertFalse(idle.get("/hello").read().closesConnection());
      busy.get("/blocking");
      blocking.entered.await();
      var drained = server.startDrain(TIMEOUT);
      awaitListenerClosed(server, observer);

      var response = idle.get("/hello").read();

      assertEquals(200, response.status());
      assertTrue(response.closesConnection());
      blocking.release.countDown();
      assertTrue(drained.get());
    }
  }

  @Test
  void returnsFalseWhenARequestDoesNotCompleteInTime() throws Exception {
    try (var server = TestServer.start(blocking.route());
        var busy = server.client()) {
      busy.get("/blocking");
      blocking.entered.await();

      assertFalse(server.server.drain(Duration.ofMillis(300), Duration.ofMillis(50)));

      assertThrows(IOException.class, busy::read);
      blocking.release.countDown();
    }
  }

  @Test
  void isNotDelayedByClientsThatDisconnect() throws Exception {
    var big = new byte[8 << 20];
    var route = Route.open("GET", "/big", _ -> Response.of(200, "text/plain", big));
    try (var server = TestServer.start(route)) {
      for (var i = 0; i < 20; i++) {
        try (var client = server.client()) {
          client.get("/big").reset();
        }
        try (var client = server.client()) {
          client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n").reset();
        }
      }

      assertTrue(server.server.drain(TIMEOUT, Duration.ofMillis(50)));
    }
  }

  /** Waits until responses carry {@code Connection: close}; by then, the listener is closed. */
  private static void awaitListenerClosed(TestServer server, RawClient observer)
      throws IOException {
    while (!observer.get("/hello").read().closesConnection()) {
      Conditions.pause();
    }
    assertThrows(ConnectException.class, server::client);
  }
}
