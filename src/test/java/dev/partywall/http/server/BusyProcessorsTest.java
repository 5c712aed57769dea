package dev.partywall.http.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** The server while virtual threads of other code do not wait, and so keep all processors. */
@Isolated("occupies the processors of all virtual threads")
class BusyProcessorsTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(20);

  @Test
  void closesTheListenerWhileVirtualThreadsOccupyAllProcessors() throws Exception {
    var busy = new AtomicBoolean(true);
    try (var server = TestServer.start()) {
      for (var i = 0; i < Runtime.getRuntime().availableProcessors(); i++) {
        Thread.startVirtualThread(() -> spinWhile(busy));
      }

      assertTrue(server.server.drain(TIMEOUT, Duration.ofMillis(50)));

      assertTrue(busy.get(), "a drain that waits for a virtual thread takes half of its timeout");
    } finally {
      busy.set(false);
    }
  }

  private static void spinWhile(AtomicBoolean busy) {
    var end = System.nanoTime() + TIMEOUT.toNanos() / 4;
    while (busy.get() && System.nanoTime() < end) {
      Thread.onSpinWait();
    }
    busy.set(false);
  }

  /**
   * A complete request that waits for a processor does not wait for its client. The limit is one
   * less than the requests: threads that run can also count while they wait for locks of the JDK.
   */
  @Test
  void aBurstOfCompleteRequestsOnBusyProcessorsIsServed() throws Exception {
    try (var server = ClientWaitsTest.start(19)) {
      var clients = new RawClient[20];
      for (var i = 0; i < clients.length; i++) {
        clients[i] = server.client();
      }
      occupyProcessors(Duration.ofMillis(300));
      for (var client : clients) {
        client.get("/hello");
      }
      for (var client : clients) {
        assertEquals(200, client.read().status());
        client.close();
      }
    }
  }

  /** A virtual thread that does not wait keeps its processor. */
  private static void occupyProcessors(Duration duration) {
    var end = System.nanoTime() + duration.toNanos();
    for (var i = 0; i < Runtime.getRuntime().availableProcessors(); i++) {
      Thread.startVirtualThread(() -> {
        while (System.nanoTime() - end < 0) {
          Thread.onSpinWait();
        }
      });
    }
  }
}
