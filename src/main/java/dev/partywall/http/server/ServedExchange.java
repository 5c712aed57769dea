package dev.partywall.http.server;

import com.sun.net.httpserver.HttpExchange;
import dev.partywall.http.Request;
import dev.partywall.http.Response;
import java.io.IOException;
import java.time.Duration;

/** One request and its response. It decides whether the connection takes another request. */
final class ServedExchange {
  private final HttpExchange exchange;
  private final ListenerLimits limits;
  private final ClientWaits waits;
  private final StreamBody body;
  private final Request request;
  private final long arrival;

  /**
   * Reads the request, except for its body.
   *
   * @param waited the time for which the request waited for a processor
   */
  ServedExchange(HttpExchange exchange, ListenerLimits limits, ClientWaits waits, Duration waited) {
    this.arrival = System.nanoTime() - waited.toNanos();
    this.exchange = exchange;
    this.limits = limits;
    this.waits = waits;
    this.body = body(exchange, limits);
    this.request =
        RequestRules.read(
            exchange.getRequestMethod(),
            exchange.getRequestURI().toString(),
            exchange.getProtocol(),
            exchange.getRequestHeaders(),
            body,
            waited);
  }

  private static StreamBody body(HttpExchange exchange, ListenerLimits limits) {
    var fields = exchange.getRequestHeaders();
    var length = fields.getFirst("Content-Length");
    var declared = length == null ? 0 : Long.parseLong(length);
    return new StreamBody(
        exchange.getRequestBody(),
        fields.containsKey("Transfer-Encoding") ? -1 : declared,
        limits.maxBodyBytes(),
        limits.bodyTimeout());
  }

  Request request() {
    return request;
  }

  /**
   * Sends the response, and passes the result to its listeners.
   *
   * @param draining whether the connection closes in any case
   * @throws IOException if the client closes the connection, or does not take the response in time,
   *     or if the writer of a stream fails. The JDK's server then closes the connection
   */
  void send(Response response, boolean draining) throws IOException {
    var sender = new ResponseSender(exchange, request.method(), response, waits);
    var reusable =
        ConnectionReuse.isAllowed(
            exchange.getProtocol(), request.headers(), response.headers(), body);
    try {
      // Without content, the JDK's server closes the body with the header fields. A stream can
      // last longer than the JDK's server waits for the rest of a body.
      if ((!sender.hasContent() || sender.isStream()) && !body.isFullyRead()) {
        linger();
      }
      sender.send(draining || !limits.keepsConnections() || !reusable);
    } finally {
      sender.notifyListeners(Duration.ofNanos(System.nanoTime() - arrival));
    }
    if (sender.hasContent() && !body.isFullyRead()) {
      linger();
    }
    exchange.getResponseBody().close();
  }

  private void linger() throws IOException {
    waits.begin(Thread.currentThread());
    body.linger(limits.lingerTimeout());
    waits.end();
  }
}
