package dev.partywall.http.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.concurrent.Conditions;
import dev.partywall.http.Response;
import dev.partywall.http.Route;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
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

  /** The time also counts for the durations in log and metrics. */
  @Test
  void aRequestStatesTheTimeForWhichItWaitedForAProcessor() throws Exception {
    var waited = new AtomicReference<>(Duration.ZERO);
    var taken = new AtomicReference<>(Duration.ZERO);
    var route =
        Route.open(
            "GET",
            "/waited",
            request -> {
              waited.set(request.waited());
              return Response.of(200).onSent(sent -> taken.set(sent.duration()));
            });
    try (var server = TestServer.start(route);
        var client = server.client()) {
      Conditions.await(
          () -> {
            occupyProcessors(Duration.ofMillis(50));
            assertEquals(200, get(client, "/waited"));
            return waited.get().toMillis() >= 20;
          },
          "no request has waited");
      Conditions.await(
          () -> taken.get().compareTo(waited.get()) >= 0, "the duration does not include the wait");
    }
  }

  private static int get(RawClient client, String path) {
    try {
      return client.get(path).read().status();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
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
