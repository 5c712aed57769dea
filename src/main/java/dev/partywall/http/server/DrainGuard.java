package dev.partywall.http.server;

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
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A guard request, sent by the service to itself, that keeps the server open while it drains.
 *
 * <p>{@code HttpServer.stop} closes the listener and, when no exchange remains, all connections,
 * including connections with a request that the server has not read yet. While the guard request is
 * in flight, an exchange remains: the server closes its listener and continues to serve all open
 * connections until it is stopped without a delay.
 */
final class DrainGuard implements AutoCloseable {
  private static final int PROBE_TIMEOUT_MILLIS = 500;
  private static final int MAX_PLATFORM_THREADS = 64;
  private static final Duration MAX_HOLD = Duration.ofSeconds(1);

  /** Ends before the first request is held for {@link #MAX_HOLD}. */
  private static final Duration PENDING_CONNECTIONS_TIMEOUT = Duration.ofMillis(700);

  private final InetSocketAddress server;
  private final Socket socket = new Socket();
  private final CountDownLatch accepted = new CountDownLatch(1);
  private final CountDownLatch listenerClosed = new CountDownLatch(1);
  private final AtomicInteger platformThreads = new AtomicInteger(MAX_PLATFORM_THREADS);
  private volatile boolean opening;
  private volatile @Nullable Probe probe;

  /**
   * A request that follows all connections that wait for their acceptance.
   *
   * @param accepted completes when the server has accepted it
   */
  private record Probe(SocketAddress address, CountDownLatch accepted) {}

  DrainGuard(InetSocketAddress server) {
    var any = server.getAddress().isAnyLocalAddress();
    this.server =
        any ? new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getPort()) : server;
  }

  /**
   * Sends the guard request. When the server has accepted it, the server has accepted all earlier
   * connections.
   *
   * @return false if the server does not accept it within {@code timeout}
   */
  boolean open(Duration timeout) throws IOException, InterruptedException {
    opening = true;
    socket.connect(server, Math.max(1, (int) timeout.toMillis())); // 0 means no timeout
    sendRequest(socket);
    return accepted.await(timeout.toMillis(), TimeUnit.MILLISECONDS);
  }

  private static void sendRequest(Socket socket) throws IOException {
    var request = "GET / HTTP/1.1\r\nHost: drain-guard\r\n\r\n";
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
  }

  /**
   * Waits until the server has accepted the connections that wait for it, for {@link
   * #PENDING_CONNECTIONS_TIMEOUT} at most. On a busy machine, its only thread might not run for 100
   * ms, in which clients connect.
   *
   * @param arrivals counts the requests that the server has begun to read
   */
  void awaitPendingConnections(LongSupplier arrivals) throws IOException, InterruptedException {
    var end = System.nanoTime() + PENDING_CONNECTIONS_TIMEOUT.toNanos();
    long before;
    do {
      before = arrivals.getAsLong();
    } while (isProbeAccepted(end - System.nanoTime()) && arrivals.getAsLong() > before + 1);
  }

  private boolean isProbeAccepted(long nanos) throws IOException, InterruptedException {
    try (var last = new Socket()) {
      last.connect(server, PROBE_TIMEOUT_MILLIS);
      var sent = new Probe(last.getLocalSocketAddress(), new CountDownLatch(1));
      probe = sent;
      sendRequest(last);
      return sent.accepted().await(nanos, TimeUnit.NANOSECONDS);
    }
  }

  /**
   * Returns whether {@code remote} is the address of the last probe, and records its acceptance.
   */
  boolean acceptsProbe(SocketAddress remote) {
    var last = probe;
    if (last == null || !remote.equals(last.address())) {
      return false;
    }
    last.accepted().countDown();
    return true;
  }

  /** Returns whether {@code remote} is the address that the guard request came from. */
  boolean isFrom(SocketAddress remote) {
    return remote.equals(socket.getLocalSocketAddress());
  }

  /**
   * Returns whether the next exchange gets a platform thread. A virtual one may wait for all
   * processors, and the guard request may be among the next exchanges. The number is bounded,
   * because a system may permit few threads.
   */
  boolean takesPlatformThread() {
    return opening && platformThreads.getAndDecrement() > 0;
  }

  /**
   * Waits until the listener is closed, for a second at most. A client that gets no response opens
   * no further connection, which would be lost while the listener is being closed.
   */
  void holdRequest() {
    try {
      listenerClosed.await(MAX_HOLD.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Ends the waits in {@link #holdRequest}. */
  void releaseRequests() {
    opening = false;
    listenerClosed.countDown();
  }

  /** Records that the server has accepted the guard request. */
  void confirmAccepted() {
    accepted.countDown();
  }

  /**
   * Waits until the listener refuses connections.
   *
   * @return false if it still accepts connections after {@code timeout}
   */
  boolean awaitListenerClosed(Duration timeout) throws InterruptedException {
    var end = System.nanoTime() + timeout.toNanos();
    while (System.nanoTime() - end < 0) {
      try (var probe = new Socket()) {
        probe.connect(server, PROBE_TIMEOUT_MILLIS);
      } catch (ConnectException _) {
        return true;
      } catch (IOException _) {
        // A timeout or a broken connection is inconclusive: try again.
      }
      TimeUnit.MILLISECONDS.sleep(1);
    }
    return false;
  }

  /** Closes the connection of the guard request. */
  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
