package dev.partywall.http.server;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.partywall.concurrent.OutOfMemory;
import dev.partywall.concurrent.Periodic;
import dev.partywall.http.Handler;
import dev.partywall.http.Request;
import dev.partywall.http.Response;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves a handler on a port. Only this class, {@link ServedExchange} and {@link ResponseSender}
 * depend on {@code com.sun.net.httpserver}.
 *
 * <p>One virtual thread serves a request from its first byte to the last byte of its response. The
 * server rejects no request. It records a malformed message on the request ({@link
 * Request#violatedRule}).
 */
public final class JdkServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(JdkServer.class);
  private static final int BACKLOG = 4096;
  private static final Duration QUIET_PERIOD = Duration.ofSeconds(1);
  private static final Duration SHORT_QUIET_PERIOD = Duration.ofMillis(20);
  private static final Duration MAX_HOLD_BEFORE_CLOSE = Duration.ofMillis(100);

  /** A client that takes no response is ended this part of the timeout too late at most. */
  private static final int CHECKS_PER_TIMEOUT = 60;

  /** The time for which the exchange of this thread waited for a processor. */
  private static final ScopedValue<Duration> WAITED = ScopedValue.newInstance();

  private final HttpServer server;
  private final InetSocketAddress address;
  private final Handler handler;
  private final ListenerLimits limits;
  private final InFlight inFlight = new InFlight();
  private final ClientWaits waits;
  private final Periodic timeouts;
  private final ServerLog log = ServerLog.install();
  private volatile boolean draining;
  private volatile @Nullable DrainGuard drainGuard;

  private JdkServer(HttpServer server, Handler handler, ListenerLimits limits) {
    this.server = server;
    this.address = server.getAddress();
    this.handler = handler;
    this.limits = limits;
    this.waits =
        new ClientWaits(limits.maxClientWaits(), limits.responseTimeout(), System::nanoTime);
    this.timeouts =
        Periodic.start(
            LOG,
            "response-timeout",
            limits.responseTimeout().dividedBy(CHECKS_PER_TIMEOUT),
            waits::abortExpired);
  }

  /**
   * Opens the port and starts to serve requests.
   *
   * @param address port 0 selects a free port
   * @throws IOException if the port cannot be opened
   */
  public static JdkServer start(InetSocketAddress address, Handler handler, ListenerLimits limits)
      throws IOException {
    ServerProperties.install();
    var jdk = HttpServer.create(address, BACKLOG);
    var server = new JdkServer(jdk, handler, limits);
    // Only the root context: contexts match by prefix, and /orders would match /ordersXYZ.
    jdk.createContext("/", server::serve);
    jdk.setExecutor(server::execute);
    jdk.start();
    return server;
  }

  /** Returns the port that the server listens on. */
  public int port() {
    return address.getPort();
  }

  /**
   * Returns the number of connections that were closed without a response, by reason. The records
   * of the JDK's server do not name the listener, so all listeners of this JVM count together.
   */
  public Map<String, Long> closedConnections() {
    var counts = new TreeMap<>(log.counts());
    counts.merge("response_timeout", waits.expired(), Long::sum);
    counts.put("slow_client", waits.aborted());
    return counts;
  }

  /** Starts an exchange. The JDK's server calls this in its only thread, and hides exceptions. */
  private void execute(Runnable exchange) {
    inFlight.recordArrival();
    var arrival = System.nanoTime();
    Runnable task =
        () ->
            ScopedValue.where(WAITED, Duration.ofNanos(System.nanoTime() - arrival))
                .run(() -> receive(exchange));
    try {
      var guard = drainGuard;
      if (guard == null) {
        Thread.startVirtualThread(task);
      } else {
        guard.start(task);
      }
    } catch (RuntimeException | Error e) {
      OutOfMemory.exitIfCauseOf(e);
      throw e;
    }
  }

  /** Begins the wait for the header fields: a thread that waits for a processor does not count. */
  private void receive(Runnable exchange) {
    waits.begin(Thread.currentThread());
    try {
      exchange.run();
    } finally {
      waits.tryEnd();
    }
  }

  // An exception from this method makes the server close the connection and remove it from its
  // count. exchange.close() only closes the connection.
  private void serve(HttpExchange exchange) throws IOException {
    waits.end();
    var guard = drainGuard;
    if (guard != null) {
      if (guard.acceptsProbe(exchange.getRemoteAddress())) {
        throw new IOException("a probe needs no response");
      }
      if (guard.isFrom(exchange.getRemoteAddress())) {
        closeListener(guard);
      }
      guard.holdRequest();
    }
    inFlight.begin();
    try {
      serveRequest(exchange);
    } finally {
      inFlight.end();
    }
  }

  /**
   * Closes the listener, in the exchange of the guard. Requests are held meanwhile, so their
   * clients open no further connections. All connections that are open before the end of the probes
   * are accepted. Later ones are lost if they are not accepted yet.
   */
  private void closeListener(DrainGuard guard) throws IOException {
    awaitHeldClients();
    awaitPendingConnections(guard);
    guard.confirmAccepted();
    server.stop(Integer.MAX_VALUE); // returns when close() stops the server
    throw new IOException("the server has stopped");
  }

  private void awaitPendingConnections(DrainGuard guard) {
    try {
      guard.awaitPendingConnections(inFlight::arrivals);
    } catch (IOException e) {
      LOG.debug("Probe before the end of the listener failed", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void serveRequest(HttpExchange exchange) throws IOException {
    var served = new ServedExchange(exchange, limits, waits, WAITED.get());
    var response = respond(served.request());
    // A pending interrupt would close the socket while the response is written.
    Thread.interrupted();
    served.send(response, draining);
  }

  private Response respond(Request request) {
    try {
      return handler.handle(request);
    } catch (Throwable fault) {
      OutOfMemory.exitIfCauseOf(fault);
      // ProblemDetailsFilter handles all exceptions of inner filters. A filter outside it failed.
      LOG.error("Filter chain failed", fault);
      return Response.of(500).with("Connection", "close");
    }
  }

  /**
   * Stops the server without losing a request. Closes the listener, adds {@code Connection: close}
   * to all responses, waits until no request is in flight, and stops. Requests that arrive
   * meanwhile on open connections are served.
   *
   * @param timeout the longest wait for the requests in flight
   * @return whether all requests were completed
   */
  public boolean drain(Duration timeout) {
    return drain(timeout, QUIET_PERIOD);
  }

  boolean drain(Duration timeout, Duration quiet) {
    var end = System.nanoTime() + timeout.toNanos();
    try (var guard = new DrainGuard(address, timeout.dividedBy(2))) {
      drainGuard = guard;
      awaitHeldClients();
      openGuard(guard, timeout);
      // Set only now: with an earlier Connection: close, clients would open new connections that
      // the server accepts no more.
      draining = true;
      guard.releaseRequests();
      return inFlight.awaitIdle(quiet, Duration.ofNanos(end - System.nanoTime()));
    } finally {
      close();
    }
  }

  /** Waits until most clients have a request that is held. */
  private void awaitHeldClients() {
    inFlight.awaitIdle(SHORT_QUIET_PERIOD, MAX_HOLD_BEFORE_CLOSE);
  }

  private void openGuard(DrainGuard guard, Duration timeout) {
    try {
      if (guard.open() && guard.awaitListenerClosed(timeout.dividedBy(2))) {
        return;
      }
      LOG.warn("Listener stays open during the drain because closing it timed out");
    } catch (IOException e) {
      LOG.warn("Listener stays open during the drain: {}", e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Stops immediately and aborts the requests in flight. */
  @Override
  public void close() {
    draining = true;
    timeouts.stop();
    server.stop(0);
  }
}
