package dev.partywall.http.server;

import com.sun.net.httpserver.HttpExchange;
import dev.partywall.concurrent.OutOfMemory;
import dev.partywall.http.Response;
import dev.partywall.http.ResponseStream;
import dev.partywall.http.StreamWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes one response to the client. */
final class ResponseSender {
  private static final Logger LOG = LoggerFactory.getLogger(ResponseSender.class);

  // The server keeps a buffer per connection, twice as large as the largest single write.
  private static final int MAX_WRITE_BYTES = 16 * 1024;

  /** The values of {@code sendResponseHeaders} in place of a length. */
  private static final int CHUNKED = 0;

  private static final int NO_BODY = -1;

  private final HttpExchange exchange;
  private final boolean head;
  private final Response response;
  private final ClientWaits waits;
  private long sent;
  private boolean complete;

  /**
   * Creates a sender that has sent nothing yet.
   *
   * @param waits receives each wait for the client. It can abort the wait
   */
  ResponseSender(HttpExchange exchange, String method, Response response, ClientWaits waits) {
    this.exchange = exchange;
    this.head = method.equals("HEAD");
    this.response = response;
    this.waits = waits;
  }

  /** Returns whether the response is sent with a body of at least one byte, or as a stream. */
  boolean hasContent() {
    return response.hasContent() && !head && (hasWriter() || response.body().length > 0);
  }

  /** Returns whether the writer of the response is called. */
  boolean isStream() {
    return hasContent() && hasWriter();
  }

  private boolean hasWriter() {
    return response.writer().isPresent();
  }

  /**
   * Sends the response.
   *
   * @param last whether the connection closes after it
   * @throws IOException if the client closes the connection, or does not take the response in time,
   *     or if the writer of a stream fails
   */
  void send(boolean last) throws IOException {
    if (isStream()) {
      sendStream(response.writer().orElseThrow());
    } else {
      sendWithPause(last);
    }
    complete = true;
  }

  /**
   * The pause is no wait for the client. Without a body, the JDK's server ends the response with
   * its header fields, so the pause is before them.
   */
  private void sendWithPause(boolean last) throws IOException {
    if (response.pause().isPresent() && hasContent()) {
      awaitingClient(() -> {
        sendHeaders(last, length());
        exchange.getResponseBody().flush();
      });
      response.pause().get().run();
      awaitingClient(this::sendBody);
    } else {
      response.pause().ifPresent(Runnable::run);
      awaitingClient(() -> {
        sendHeaders(last, length());
        sendBody();
      });
    }
  }

  /** An empty body is sent with its length. */
  private int length() {
    return hasContent() ? response.body().length : NO_BODY;
  }

  private void sendBody() throws IOException {
    var out = exchange.getResponseBody();
    while (sent < length()) {
      sent += write(out, response.body(), (int) sent);
    }
    out.flush();
  }

  /**
   * Sends a stream, as the last response of its connection. An exception leaves the body without
   * its end, and the JDK's server then closes the connection and frees its slot. After the end of
   * the body, it frees the slot only because the connection closes: it ignores an error while it
   * writes the last chunk.
   */
  private void sendStream(StreamWriter writer) throws IOException {
    var out = exchange.getResponseBody();
    awaitingClient(() -> {
      sendHeaders(true, CHUNKED);
      out.flush();
    });
    produce(writer, bytes -> write(out, bytes));
    awaitingClient(out::close);
  }

  /** The JDK's server closes the connection after an exception, but not after an error. */
  private static void produce(StreamWriter writer, ResponseStream stream) throws IOException {
    try {
      writer.write(stream);
    } catch (RuntimeException | Error e) {
      OutOfMemory.exitIfCauseOf(e);
      throw new IOException("the writer of the response failed", e);
    }
  }

  /** Each part has its own time limit, so a slow client can take a long stream. */
  private void write(OutputStream out, byte[] bytes) throws IOException {
    for (var offset = 0; offset < bytes.length; ) {
      var start = offset;
      awaitingClient(() -> {
        write(out, bytes, start);
        out.flush();
      });
      var count = Math.min(MAX_WRITE_BYTES, bytes.length - start);
      offset += count;
      sent += count;
    }
  }

  private static int write(OutputStream out, byte[] bytes, int offset) throws IOException {
    var count = Math.min(MAX_WRITE_BYTES, bytes.length - offset);
    out.write(bytes, offset, count);
    return count;
  }

  private void sendHeaders(boolean last, int length) throws IOException {
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
    if (head && response.hasContent() && !hasWriter()) {
      fields.set("Content-Length", Integer.toString(response.body().length));
    }
    exchange.sendResponseHeaders(response.status(), length);
  }

  /** A part of the response that is written to the socket. */
  @FunctionalInterface
  private interface Part {
    void send() throws IOException;
  }

  private void awaitingClient(Part part) throws IOException {
    waits.begin(Thread.currentThread());
    try {
      part.send();
    } finally {
      waits.end();
    }
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
