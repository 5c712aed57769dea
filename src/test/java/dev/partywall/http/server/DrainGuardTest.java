package dev.partywall.http.server;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

@Isolated("compares a duration")
class DrainGuardTest {
  /** Otherwise, requests would be held until the timeout of the guard request. */
  @Test
  void aServerWithTooManyConnectionsDoesNotDelayTheRequests() throws Exception {
    try (var full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        var guard = new DrainGuard(address(full), Duration.ofMinutes(1))) {
      var closed = CompletableFuture.runAsync(() -> closeNext(full), Thread::startVirtualThread);

      assertFalse(assertTimeout(Duration.ofSeconds(4), guard::open));

      closed.join();
    }
  }

  private static InetSocketAddress address(ServerSocket socket) {
    return new InetSocketAddress(socket.getInetAddress(), socket.getLocalPort());
  }

  /** Reads the request first, because unread bytes would reset the connection. */
  private static void closeNext(ServerSocket server) {
    try (var client = server.accept()) {
      client.getInputStream().readNBytes("GET / HTTP/1.1\r\nHost: drain-guard\r\n\r\n".length());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
