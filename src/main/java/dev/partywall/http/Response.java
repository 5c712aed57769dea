package dev.partywall.http;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * An answer, as a value.
 *
 * @param repeated whether it was given before, and nothing was changed for it this time
 * @param listeners are told once the last byte is out, or can't be sent any more
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Response(
    int status, Headers headers, byte[] body, boolean repeated, List<Consumer<Sent>> listeners) {
  private static final byte[] NOTHING = {};

  /**
   * How the sending ended.
   *
   * @param bytes of the body that were written
   * @param took from the request's arrival on
   * @param complete false when the caller went away before the end
   */
  public record Sent(long bytes, Duration took, boolean complete) {}

  /** An answer without a body. */
  public static Response of(int status) {
    return new Response(status, Headers.NONE, NOTHING, false, List.of());
  }

  /** An answer with a body of that media type. */
  public static Response of(int status, String contentType, byte[] body) {
    var headers = Headers.NONE.with("Content-Type", contentType);
    return new Response(status, headers, body, false, List.of());
  }

  /** An answer in JSON. */
  public static Response json(int status, byte[] body) {
    return of(status, "application/json", body);
  }

  /** An answer in JSON. */
  public static Response json(int status, String body) {
    return json(status, body.getBytes(StandardCharsets.UTF_8));
  }

  /** An answer in JSON. */
  public static Response json(int status, JsonNode body) {
    return json(status, Json.write(body));
  }

  /** An answer in JSON that is written piece by piece. */
  public static Response json(int status, Json.Content body) {
    return json(status, Json.write(body));
  }

  /** Whether it has something behind its header section (RFC 9110, sections 15.3.5 and 15.4.5). */
  boolean hasContent() {
    return status >= 200 && status != 204 && status != 304;
  }

  /** This answer, with one more header field. */
  public Response with(String name, String value) {
    return new Response(status, headers.with(name, value), body, repeated, listeners);
  }

  /** This answer, which was given before. The caller can't tell; the audit can. */
  public Response again() {
    return new Response(status, headers, body, true, listeners);
  }

  /** This answer; {@code listener} is told how its sending ended. */
  public Response whenSent(Consumer<Sent> listener) {
    return new Response(status, headers, body, repeated, more(listener));
  }

  private List<Consumer<Sent>> more(Consumer<Sent> listener) {
    return switch (listeners.size()) {
      case 0 -> List.of(listener);
      case 1 -> List.of(listeners.getFirst(), listener);
      default -> Stream.concat(listeners.stream(), Stream.of(listener)).toList();
    };
  }
}
