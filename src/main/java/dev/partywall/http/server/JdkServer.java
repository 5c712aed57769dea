package dev.partywall.http.server;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.partywall.http.Handler;
import dev.partywall.http.Request;
import dev.partywall.http.Response;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves a handler on a port. The only file that depends on {@code com.sun.net.httpserver}.
 *
 * <p>One virtual thread serves a request from its first byte to the last byte of its response. The
 * server rejects no request. It records a malformed message on the request ({@link
 * Request#violatedRule}).
 */
public final class JdkServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(JdkServer.class);
  private static final int BACKLOG = 4096;
  private static final Duration QUIET_PERIOD = Duration.ofSeconds(1);

  private final HttpServer server;
  private final InetSocketAddress address;
  private final Handler handler;
  private final Limits limits;
  private final InFlight inFlight = new InFlight();
  private volatile boolean draining;
  private volatile @Nullable DrainGuard drainGuard;

  /**
   * The limits on request bodies.
   *
   * @param maxBodyBytes the maximum size of a body
   * @param bodyTimeout the longest wait for a body, from the arrival of its request
   * @param lingerTimeout how long to read and discard the rest of a body after the response was
   *     sent
   */
  public record Limits(int maxBodyBytes, Duration bodyTimeout, Duration lingerTimeout) {
    /** 256 KiB within 9 s, and 1 s to discard the rest. */
    public static final Limits DEFAULT =
        new Limits(256 * 1024, Duration.ofSeconds(9), Duration.ofSeconds(1));
  }

  private JdkServer(HttpServer server, Handler handler, Limits limits) {
    this.server = server;
    this.address = server.getAddress();
    this.handler = handler;
    this.limits = limits;
  }

  /**
   * Opens the port and starts to serve requests.
   *
   * @param address port 0 selects a free port
   * @throws IOException if the port cannot be opened
   */
  public static JdkServer start(InetSocketAddress address, Handler handler, Limits limits)
      throws IOException {
    ServerProperties.install();
    var jdk = HttpServer.create(address, BACKLOG);
    var server = new JdkServer(jdk, handler, limits);
    // Only the root context: contexts match by prefix, and /orders would match /ordersXYZ.
    jdk.createContext("/", server::serve);
    jdk.setExecutor(exchange -> {
      server.inFlight.recordArrival();
      Thread.startVirtualThread(exchange);
    });
    jdk.start();
    return server;
  }

  /** Returns the port that the server listens on. */
  public int port() {
    return address.getPort();
  }

  // An exception from this method makes the server close the connection and remove it from its
  // count. exchange.close() only closes the connection.
  private void serve(HttpExchange exchange) throws IOException {
    var guard = drainGuard;
    if (guard != null && guard.isFrom(exchange.getRemoteAddress())) {
      blockUntilDrained(guard);
    }
    inFlight.begin();
    try {
      serveRequest(exchange);
    } finally {
      inFlight.end();
    }
  }

  private static void blockUntilDrained(DrainGuard guard) throws IOException {
    try {
      guard.awaitClose();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw new IOException("the drain guard is closed");
  }

  private void serveRequest(HttpExchange exchange) throws IOException {
    var arrival = System.nanoTime();
    var body = body(exchange);
    var request = request(exchange, body);
    var response = respond(request);
    // A pending interrupt would close the socket while the response is written.
    Thread.interrupted();
    var sender = new ResponseSender(exchange, request.method(), response);
    var reusable =
        ConnectionReuse.isAllowed(
            exchange.getProtocol(), request.headers(), response.headers(), body);
    try {
      sender.send(draining || !reusable);
    } finally {
      sender.notifyListeners(Duration.ofNanos(System.nanoTime() - arrival));
    }
    if (!body.isFullyRead()) {
      body.linger(limits.lingerTimeout());
    }
    exchange.getResponseBody().close();
  }

  private static Request request(HttpExchange exchange, StreamBody body) {
    return RequestRules.read(
        exchange.getRequestMethod(),
        exchange.getRequestURI().toString(),
        exchange.getProtocol(),
        exchange.getRequestHeaders(),
        body);
  }

  private StreamBody body(HttpExchange exchange) {
    var fields = exchange.getRequestHeaders();
    var length = fields.getFirst("Content-Length");
    var declared = length == null ? 0 : Long.parseLong(length);
    return new StreamBody(
        exchange.getRequestBody(),
        fields.containsKey("Transfer-Encoding") ? -1 : declared,
        limits.maxBodyBytes(),
        limits.bodyTimeout());
  }

  private Response respond(Request request) {
    try {
      return handler.handle(request);
    } catch (Throwable fault) {
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
    try (var guard = new DrainGuard(address)) {
      drainGuard = guard;
      closeListener(guard, timeout);
      // Set only now: with an earlier Connection: close, clients would open new connections that
      // the server accepts no more.
      draining = true;
      return inFlight.awaitIdle(quiet, Duration.ofNanos(end - System.nanoTime()));
    } finally {
      close();
    }
  }

  private void closeListener(DrainGuard guard, Duration timeout) {
    try {
      if (guard.open(timeout.dividedBy(2))) {
        Thread.ofVirtual().name("server-stop").start(() -> server.stop(Integer.MAX_VALUE));
        if (guard.awaitListenerClosed(timeout.dividedBy(2))) {
          return;
        }
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
    server.stop(0);
  }

  /** Writes one response to the client. */
  private static final class ResponseSender {
    // The server keeps a buffer per connection, twice as large as the largest single write.
    private static final int MAX_WRITE_BYTES = 16 * 1024;

    private final HttpExchange exchange;
    private final boolean head;
    private final Response response;
    private int sent;
    private boolean complete;

    ResponseSender(HttpExchange exchange, String method, Response response) {
      this.exchange = exchange;
      this.head = method.equals("HEAD");
      this.response = response;
    }

    void send(boolean last) throws IOException {
      var fields = exchange.getResponseHeaders();
      for (var field : response.headers().fields()) {
        fields.add(field.name(), field.value());
      }
      if (last) {
        fields.set("Connection", "close");
        fields.remove("Keep-Alive");
      } else if (exchange.getProtocol().equals("HTTP/1.0")) {
        fields.set("Connection", "keep-alive"); // the default of HTTP/1.0 is to close
      }
      if (head && response.hasContent()) {
        fields.set("Content-Length", Integer.toString(response.body().length));
      }
      // For sendResponseHeaders, 0 means chunked; -1 means an empty body with its length.
      var length = response.hasContent() && !head ? response.body().length : 0;
      exchange.sendResponseHeaders(response.status(), length == 0 ? -1 : length);
      write(length);
      complete = true;
    }

    private void write(int length) throws IOException {
      var out = exchange.getResponseBody();
      while (sent < length) {
        var count = Math.min(MAX_WRITE_BYTES, length - sent);
        out.write(response.body(), sent, count);
        sent += count;
      }
      out.flush();
    }

    void notifyListeners(Duration duration) {
      for (var listener : response.listeners()) {
        try {
          listener.accept(new Response.SendResult(sent, duration, complete));
        } catch (RuntimeException e) {
          LOG.error("Response listener failed", e);
        }
      }
    }
  }
}
