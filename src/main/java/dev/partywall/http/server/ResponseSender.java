package dev.partywall.http.server;

import com.sun.net.httpserver.HttpExchange;
import dev.partywall.http.Response;
import java.io.IOException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes one response to the client. */
final class ResponseSender {
  private static final Logger LOG = LoggerFactory.getLogger(ResponseSender.class);

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

  /** Returns whether the response is sent with a body of at least one byte. */
  boolean hasContent() {
    return response.hasContent() && !head && response.body().length > 0;
  }

  /**
   * Sends the response.
   *
   * @param last whether the connection closes after it
   * @throws IOException if the client closes the connection
   */
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
    var length = hasContent() ? response.body().length : 0;
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

  /** Passes the result to the listeners of the response. */
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
