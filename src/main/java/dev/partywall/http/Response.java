package dev.partywall.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.partywall.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * An immutable response.
 *
 * @param body empty if the response is a stream
 * @param replayed whether this is a replay of an earlier response, without a change of state
 * @param listeners called after the last byte was written or the connection failed
 * @param writer produces the body of a stream; empty if {@code body} is the body
 * @param pause delays the body; see {@link #withPause}
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Response(
    int status,
    Headers headers,
    byte[] body,
    boolean replayed,
    List<Consumer<SendResult>> listeners,
    Optional<StreamWriter> writer,
    Optional<Runnable> pause) {
  private static final byte[] EMPTY = {};

  /** Creates a response with this body. */
  public Response(int status, Headers headers, byte[] body) {
    this(status, headers, body, false, List.of(), Optional.empty(), Optional.empty());
  }

  /**
   * The result of sending a response.
   *
   * @param bytes the number of body bytes written
   * @param duration the time since the arrival of the request
   * @param complete false if the client disconnected early, or the writer of a stream failed
   */
  public record SendResult(long bytes, Duration duration, boolean complete) {}

  /** Returns a response without a body. */
  public static Response of(int status) {
    return new Response(status, Headers.NONE, EMPTY);
  }

  /** Returns a response with a body of this media type. */
  public static Response of(int status, String contentType, byte[] body) {
    return new Response(status, Headers.NONE.with("Content-Type", contentType), body);
  }

  /**
   * Returns a response whose body is written while it is produced. It is the last response of its
   * connection. Its end, and not a length, shows the client that it is complete: the last chunk in
   * HTTP/1.1. In HTTP/1.0 the content must show its end itself. A HEAD request does not call the
   * writer.
   */
  public static Response stream(int status, String contentType, StreamWriter writer) {
    var headers = Headers.NONE.with("Content-Type", contentType);
    return new Response(
        status, headers, EMPTY, false, List.of(), Optional.of(writer), Optional.empty());
  }

  /** Returns a JSON response. */
  public static Response json(int status, byte[] body) {
    return of(status, "application/json", body);
  }

  /** Returns a JSON response. */
  public static Response json(int status, String body) {
    return json(status, body.getBytes(StandardCharsets.UTF_8));
  }

  /** Returns a JSON response. */
  public static Response json(int status, JsonNode body) {
    return json(status, Json.write(body));
  }

  /** Returns a JSON response whose body is written incrementally. */
  public static Response json(int status, Json.Content body) {
    return json(status, Json.write(body));
  }

  /** Returns whether the status allows a body (RFC 9110, sections 15.3.5 and 15.4.5). */
  public boolean hasContent() {
    return status >= 200 && status != 204 && status != 304;
  }

  /** Returns a copy with one more header field. */
  public Response with(String name, String value) {
    return withHeaders(headers.with(name, value));
  }

  /** Returns a copy with more header fields. */
  public Response withAll(List<Headers.Field> fields) {
    return withHeaders(headers.withAll(fields));
  }

  private Response withHeaders(Headers changed) {
    return new Response(status, changed, body, replayed, listeners, writer, pause);
  }

  /** Returns a copy with the strong entity tag of a version. */
  public Response withETag(long version) {
    return with("ETag", Preconditions.etag(version));
  }

  /** Returns a copy with {@code replayed} set, which only the audit log reads. */
  public Response asReplay() {
    return new Response(status, headers, body, true, listeners, writer, pause);
  }

  /** Returns a copy that passes the result of sending it to {@code listener}. */
  public Response onSent(Consumer<SendResult> listener) {
    return new Response(status, headers, body, replayed, listenersWith(listener), writer, pause);
  }

  /**
   * Returns a copy whose body is sent when {@code pause} has returned. The header fields are sent
   * before it. If the client has reset the connection, sending them fails, and {@code pause} is not
   * called. If no byte of a body is sent, as for HEAD, {@code pause} is called before the header
   * fields. A stream has no pause. A second pause replaces the first one.
   */
  public Response withPause(Runnable pause) {
    return new Response(status, headers, body, replayed, listeners, writer, Optional.of(pause));
  }

  /** Returns a copy with a changed writer; the same response if it is no stream. */
  public Response mapWriter(UnaryOperator<StreamWriter> change) {
    return writer.isEmpty()
        ? this
        : new Response(status, headers, body, replayed, listeners, writer.map(change), pause);
  }

  private List<Consumer<SendResult>> listenersWith(Consumer<SendResult> listener) {
    return switch (listeners.size()) {
      case 0 -> List.of(listener);
      case 1 -> List.of(listeners.getFirst(), listener);
      default -> Stream.concat(listeners.stream(), Stream.of(listener)).toList();
    };
  }
}
