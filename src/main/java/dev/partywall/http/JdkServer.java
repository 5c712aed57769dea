package dev.partywall.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts a corridor behind a port. The only file that knows {@code com.sun.net.httpserver}.
 *
 * <p>One virtual thread serves a request from its first byte to its answer's last. Nothing is
 * refused here: what is wrong with a message is noted on the request ({@link Request#wireFault}).
 */
public final class JdkServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(JdkServer.class);
  private static final int BACKLOG = 4096;
  private static final Duration QUIET = Duration.ofSeconds(1);

  private final HttpServer server;
  private final InetSocketAddress address;
  private final Handler corridor;
  private final Limits limits;
  private final InFlight inFlight = new InFlight();
  private volatile boolean draining;
  private volatile @Nullable Doorstop doorstop;

  /**
   * What a caller may cost.
   *
   * @param bodyBytes of one request
   * @param bodyPatience for a body to arrive, from its request's arrival on
   * @param linger for what a caller is still sending when it has its answer already
   */
  public record Limits(int bodyBytes, Duration bodyPatience, Duration linger) {
    /** 256 KiB, which arrive within 9 s, and a second more to get rid of. */
    public static final Limits DEFAULT =
        new Limits(256 * 1024, Duration.ofSeconds(9), Duration.ofSeconds(1));
  }

  private JdkServer(HttpServer server, Handler corridor, Limits limits) {
    this.server = server;
    this.address = server.getAddress();
    this.corridor = corridor;
    this.limits = limits;
  }

  /**
   * Opens the port and serves.
   *
   * @param address with port 0 for any that is free
   * @throws IOException when the port can't be had
   */
  public static JdkServer start(InetSocketAddress address, Handler corridor, Limits limits)
      throws IOException {
    ServerProperties.install();
    var jdk = HttpServer.create(address, BACKLOG);
    var server = new JdkServer(jdk, corridor, limits);
    // Only the root: contexts match by prefix, so that /ordersXYZ would be /orders'.
    jdk.createContext("/", server::serve);
    jdk.setExecutor(exchange -> {
      server.inFlight.arrive();
      Thread.startVirtualThread(exchange);
    });
    jdk.start();
    return server;
  }

  /** The port that it listens on. */
  public int port() {
    return address.getPort();
  }

  // An exception that leaves this method makes the server close the connection and count it out;
  // exchange.close() would do only the first.
  private void serve(HttpExchange exchange) throws IOException {
    var stop = doorstop;
    if (stop != null && stop.cameFrom(exchange.getRemoteAddress())) {
      hold(stop);
    }
    inFlight.enter();
    try {
      exchange(exchange);
    } finally {
      inFlight.leave();
    }
  }

  private static void hold(Doorstop stop) throws IOException {
    try {
      stop.hold();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw new IOException("the doorstop is taken away");
  }

  private void exchange(HttpExchange exchange) throws IOException {
    var arrival = System.nanoTime();
    var body = body(exchange);
    var request =
        WireRules.read(
            exchange.getRequestMethod(),
            exchange.getRequestURI().toString(),
            exchange.getProtocol(),
            exchange.getRequestHeaders(),
            body);
    var response = answer(request);
    // An interrupt that nobody has seen must not close the socket under the answer.
    Thread.interrupted();
    var sending = new Sending(exchange, request.method(), response);
    var last = isLast(request, response, body);
    try {
      sending.send(last);
    } finally {
      sending.tell(Duration.ofNanos(System.nanoTime() - arrival));
    }
    if (!body.isAtEnd()) {
      body.linger(limits.linger());
    }
    exchange.getResponseBody().close();
  }

  private StreamBody body(HttpExchange exchange) {
    var fields = exchange.getRequestHeaders();
    var length = fields.getFirst("Content-Length");
    var declared = length == null ? 0 : Long.parseLong(length);
    return new StreamBody(
        exchange.getRequestBody(),
        fields.containsKey("Transfer-Encoding") ? -1 : declared,
        limits.bodyBytes(),
        limits.bodyPatience());
  }

  private Response answer(Request request) {
    try {
      return corridor.handle(request);
    } catch (Throwable fault) {
      // The corridor has a door that answers these; one that stands outside of it has failed.
      LOG.error("the corridor failed", fault);
      return Response.of(500).with("Connection", "close");
    }
  }

  /**
   * Whether no other request can follow on the connection. After chunks none ever does: the parser
   * below us takes their sizes modulo 2^32 and does not tell, so that what follows may be a body to
   * a proxy in front of us and a request to us.
   */
  private boolean isLast(Request request, Response response, StreamBody body) {
    return draining
        || !body.isAtEnd()
        || request.headers().first("Transfer-Encoding").isPresent()
        || WireRules.closes(request.headers())
        || WireRules.closes(response.headers());
  }

  /**
   * Leaves without losing a request: closes the listener, tells callers on open connections to
   * leave with their next answer, waits until nothing is in hand, and stops. What a caller sends
   * meanwhile is still answered.
   *
   * @param patience for the requests in hand
   * @return whether all of them were finished
   */
  public boolean drain(Duration patience) {
    return drain(patience, QUIET);
  }

  /** Whether callers are being told to leave. */
  boolean isDraining() {
    return draining;
  }

  boolean drain(Duration patience, Duration quiet) {
    var end = System.nanoTime() + patience.toNanos();
    try (var stop = new Doorstop(address)) {
      doorstop = stop;
      shut(stop, patience);
      // Only now: who is told earlier comes back on a new connection that nobody takes in any more.
      draining = true;
      return inFlight.awaitQuiet(quiet, Duration.ofNanos(end - System.nanoTime()));
    } finally {
      close();
    }
  }

  private void shut(Doorstop stop, Duration patience) {
    try {
      if (stop.put(patience.dividedBy(2))) {
        Thread.ofVirtual().name("stop").start(() -> server.stop(Integer.MAX_VALUE));
        if (stop.awaitShut(patience.dividedBy(2))) {
          return;
        }
      }
      LOG.warn("the listener stays open while requests are finished: the machine is too busy");
    } catch (IOException e) {
      LOG.warn("the listener stays open while requests are finished: {}", e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Stops at once: what is in hand is cut. */
  @Override
  public void close() {
    draining = true;
    server.stop(0);
  }

  /** The way of one answer back to the caller. */
  private static final class Sending {
    // The server keeps a buffer per connection that is twice as large as the largest single write.
    private static final int PIECE = 16 * 1024;

    private final HttpExchange exchange;
    private final boolean head;
    private final Response response;
    private int sent;
    private boolean complete;

    Sending(HttpExchange exchange, String method, Response response) {
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
      }
      if (head && response.hasContent()) {
        fields.set("Content-Length", Integer.toString(response.body().length));
      }
      // To the server, 0 means chunks and -1 means no body, which it then says with its length.
      var length = response.hasContent() && !head ? response.body().length : 0;
      exchange.sendResponseHeaders(response.status(), length == 0 ? -1 : length);
      write(length);
      complete = true;
    }

    private void write(int length) throws IOException {
      var out = exchange.getResponseBody();
      while (sent < length) {
        var piece = Math.min(PIECE, length - sent);
        out.write(response.body(), sent, piece);
        sent += piece;
      }
      out.flush();
    }

    void tell(Duration took) {
      for (var listener : response.listeners()) {
        try {
          listener.accept(new Response.Sent(sent, took, complete));
        } catch (RuntimeException e) {
          LOG.error("a listener failed", e);
        }
      }
    }
  }
}
