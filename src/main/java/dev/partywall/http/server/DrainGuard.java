package dev.partywall.http.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
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

  /** The longest time for which a request is held. Reached only on a machine without free time. */
  private static final Duration MAX_HOLD = Duration.ofSeconds(5);

  /** The time between the last probe and the end of the first hold, to close the listener. */
  private static final Duration MIN_TIME_TO_CLOSE = Duration.ofMillis(300);

  /** New connections that arrive all the time prolong the probes by this time at most. */
  private static final Duration MAX_STEADY_PROBES = Duration.ofMillis(700);

  /** A probe that waits longer for its acceptance shows that many connections wait. */
  private static final Duration SLOW_PROBE = Duration.ofMillis(50);

  private final InetSocketAddress server;
  private final Socket socket = new Socket();
  private final CountDownLatch accepted = new CountDownLatch(1);
  private final CountDownLatch listenerClosed = new CountDownLatch(1);
  private final DelayedStarts starts = DelayedStarts.begin();
  private final long endOfHold;
  private volatile @Nullable Probe probe;

  /**
   * A request that follows all connections that wait for their acceptance.
   *
   * @param accepted completes when the server has accepted it
   */
  private record Probe(SocketAddress address, CountDownLatch accepted) {}

  /**
   * Creates a guard that holds no request yet.
   *
   * @param timeout the longest time until the listener is closed
   */
  DrainGuard(InetSocketAddress server, Duration timeout) {
    var hold = timeout.compareTo(MAX_HOLD) < 0 ? timeout : MAX_HOLD;
    endOfHold = System.nanoTime() + hold.toNanos();
    var any = server.getAddress().isAnyLocalAddress();
    this.server =
        any ? new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getPort()) : server;
  }

  /**
   * Sends the guard request. When the server has accepted it, the server has accepted all earlier
   * connections.
   *
   * @return false if the server does not accept it while requests are held, or closes its
   *     connection, because too many are open
   */
  boolean open() throws IOException {
    socket.connect(server, remainingMillis());
    sendRequest(socket);
    socket.setSoTimeout(remainingMillis());
    try {
      socket.getInputStream().read(); // until confirmAccepted, or the server closes the connection
    } catch (SocketTimeoutException _) {
      return false;
    }
    return accepted.getCount() == 0;
  }

  private int remainingMillis() {
    var millis = TimeUnit.NANOSECONDS.toMillis(endOfHold - System.nanoTime());
    return Math.clamp(millis, 1, Integer.MAX_VALUE); // 0 means no timeout
  }

  private static void sendRequest(Socket socket) throws IOException {
    var request = "GET / HTTP/1.1\r\nHost: drain-guard\r\n\r\n";
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
  }

  /**
   * Waits until the server has accepted the connections that wait for it, while requests are held
   * at most. On a busy machine, its only thread might not run for seconds, in which clients
   * connect.
   *
   * @param arrivals counts the requests that the server has begun to read
   */
  void awaitPendingConnections(LongSupplier arrivals) throws IOException, InterruptedException {
    var start = System.nanoTime();
    var end = endOfHold - MIN_TIME_TO_CLOSE.toNanos();
    long before;
    long sent;
    do {
      before = arrivals.getAsLong();
      sent = System.nanoTime();
    } while (isProbeAccepted(end - sent)
        && arrivals.getAsLong() > before + 1
        && (isSlow(sent) || System.nanoTime() - start < MAX_STEADY_PROBES.toNanos()));
  }

  private static boolean isSlow(long sent) {
    return System.nanoTime() - sent > SLOW_PROBE.toNanos();
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

  /** Starts a thread for an exchange while the guard request may be among the next exchanges. */
  void start(Runnable exchange) {
    starts.start(exchange);
  }

  /**
   * Waits until the listener is closed, for {@link #MAX_HOLD} at most. A client that gets no
   * response opens no further connection, which would be lost while the listener is being closed.
   */
  void holdRequest() {
    try {
      listenerClosed.await(endOfHold - System.nanoTime(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Ends the waits in {@link #holdRequest}. */
  void releaseRequests() {
    starts.end();
    listenerClosed.countDown();
  }

  /** Records that the server has accepted the guard request. */
  void confirmAccepted() throws IOException {
    accepted.countDown();
    socket.shutdownInput(); // ends the wait in open()
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
    starts.end();
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
