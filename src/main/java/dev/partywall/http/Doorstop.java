package dev.partywall.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A request of our own that keeps the server from stopping too early.
 *
 * <p>jdk.httpserver closes its listener and, once no exchange is left, all connections, in one and
 * the same call: also those on which a request has been sent that it has not read yet. While this
 * request is in hand, there is an exchange left, so that the listener is closed and the rest goes
 * on until we say so.
 */
final class Doorstop implements AutoCloseable {
  private static final int KNOCK_MILLIS = 500;

  private final InetSocketAddress server;
  private final Socket socket = new Socket();
  private final CountDownLatch held = new CountDownLatch(1);
  private final CountDownLatch released = new CountDownLatch(1);

  Doorstop(InetSocketAddress server) {
    var any = server.getAddress().isAnyLocalAddress();
    this.server =
        any ? new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getPort()) : server;
  }

  /**
   * Puts it into the door. When it stands there, all connections that were made before have been
   * taken in.
   *
   * @param patience with a machine that is busy
   * @return whether it stands
   */
  boolean put(Duration patience) throws IOException, InterruptedException {
    socket.connect(server, Math.max(1, (int) patience.toMillis())); // 0 would be for ever
    var request = "GET / HTTP/1.1\r\nHost: doorstop\r\n\r\n";
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    return held.await(patience.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Whether it is this request that came from there. */
  boolean cameFrom(SocketAddress remote) {
    return remote.equals(socket.getLocalSocketAddress());
  }

  /** Stays in hand until it is taken away. */
  void hold() throws InterruptedException {
    held.countDown();
    released.await();
  }

  /**
   * Waits until nobody can connect any more.
   *
   * @return whether that came to be within {@code patience}
   */
  boolean awaitShut(Duration patience) throws InterruptedException {
    var end = System.nanoTime() + patience.toNanos();
    while (System.nanoTime() - end < 0) {
      try (var knock = new Socket()) {
        knock.connect(server, KNOCK_MILLIS);
      } catch (ConnectException _) {
        return true;
      } catch (IOException _) {
        // No answer yet, or cut off in the middle: that says nothing, and so it is asked again.
      }
      TimeUnit.MILLISECONDS.sleep(1);
    }
    return false;
  }

  /** Takes it away. */
  @Override
  public void close() {
    released.countDown();
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
