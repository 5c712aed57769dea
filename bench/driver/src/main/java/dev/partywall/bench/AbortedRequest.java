package dev.partywall.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** A client that sends a request and resets the connection before the response. */
final class AbortedRequest {
  /** Between two requests of a client, so a loopback client does not use all ports. */
  private static final long PAUSE_NANOS = Duration.ofMillis(8).toNanos();

  private AbortedRequest() {}

  /** Sends {@code request} again and again for {@code time}, each on its own connection. */
  static void repeat(int port, byte[] request, Duration time) throws IOException {
    var end = System.nanoTime() + time.toNanos();
    while (System.nanoTime() < end) {
      send(port, request);
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  private static void send(int port, byte[] request) throws IOException {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setTcpNoDelay(true);
      socket.setSoLinger(true, 0); // the close sends RST
      socket.getOutputStream().write(request);
    }
  }
}
