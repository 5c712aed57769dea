package dev.partywall.service;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.partywall.http.Headers;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Another service with a JSON API. A call carries the token of the current request's caller, so the
 * other service works for the same user of the same tenant. The call belongs to the same trace, and
 * the other service receives the remaining time of the current request. No other header field of
 * the current request is forwarded.
 *
 * <pre>{@code
 * var reply = orders.get("/orders/{id}", id);
 * if (reply.status() == 404) {
 *   throw new ApiException(new ApiError.NotFound());
 * }
 * }</pre>
 */
@FunctionalInterface
public interface Peer {
  /**
   * Sends a GET request; see {@link #send}.
   *
   * @param path as in {@link Call#of}
   */
  default Reply get(String path, String... values) {
    return send(Call.of("GET", path, values));
  }

  /**
   * Calls the other service once. Redirects are not followed, and no call is repeated.
   *
   * @return the reply, whatever its status, except 502, 503 and 504. A path with an empty segment,
   *     {@code .} or {@code ..} names no resource: the reply is 404 without a call
   * @throws dev.partywall.error.ApiException as {@link dev.partywall.error.ApiError.Unavailable} if
   *     the other service is unreachable, replies with 502, 503 or 504, or sends no valid reply of
   *     at most 256 KiB in time. It can nevertheless have executed the request
   * @throws IllegalStateException if the code does not work for the user of a tenant: in background
   *     work, on an open route, or for an operator. No request was sent
   */
  Reply send(Call call);

  /**
   * A request to another service.
   *
   * @param path a path with an optional query, which contains placeholders for {@code values}
   * @param headers only {@code Idempotency-Key}, {@code If-Match} and {@code If-None-Match}
   * @param body a missing node if the request has no body
   */
  record Call(String method, String path, List<String> values, Headers headers, JsonNode body) {
    private static final Set<String> METHODS = Set.of("GET", "POST", "PUT", "PATCH", "DELETE");
    private static final Set<String> FIELDS =
        Set.of("idempotency-key", "if-match", "if-none-match");

    /** Rejects a method and a header field that are not permitted, and a relative path. */
    public Call {
      if (!METHODS.contains(method) || !path.startsWith("/")) {
        throw new IllegalArgumentException("Invalid call: " + method + " " + path);
      }
      for (var field : headers.fields()) {
        if (!FIELDS.contains(field.name().toLowerCase(Locale.ROOT))) {
          throw new IllegalArgumentException("The field " + field.name() + " is not permitted");
        }
      }
      values = List.copyOf(values);
    }

    /**
     * Returns a call without a body.
     *
     * @param path a constant such as {@code /orders/{id}?view={view}}. Never insert input into it:
     *     pass input as {@code values}
     * @param values the values of the placeholders, in their order. They are encoded, so a value
     *     can contain any text
     */
    public static Call of(String method, String path, String... values) {
      return new Call(method, path, List.of(values), Headers.NONE, MissingNode.getInstance());
    }

    /** Returns a copy with one more header field. */
    public Call with(String name, String value) {
      return new Call(method, path, values, headers.with(name, value), body);
    }

    /** Returns a copy with this body. */
    public Call with(JsonNode document) {
      return new Call(method, path, values, headers, document);
    }
  }

  /**
   * The reply of another service.
   *
   * @param body a missing node if the reply has no body, or if it reports an error in another
   *     format than JSON
   */
  record Reply(int status, Headers headers, JsonNode body) {}
}
