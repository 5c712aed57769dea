package dev.partywall.http.client;

import dev.partywall.http.Headers;
import java.net.URI;

/**
 * A request to another service.
 *
 * @param body empty if the request has none
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record OutgoingRequest(String method, URI uri, Headers headers, byte[] body) {
  private static final byte[] NO_BODY = {};

  /** Returns a request for a JSON document. */
  public static OutgoingRequest getJson(URI uri) {
    return new OutgoingRequest(
        "GET", uri, Headers.NONE.with("Accept", "application/json"), NO_BODY);
  }
}
