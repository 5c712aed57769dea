package dev.partywall.identity;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.partywall.http.client.OutgoingHttp;
import dev.partywall.http.client.OutgoingRequest;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;

/**
 * Fetches the discovery documents and key sets of issuers. Follows no redirects. A document is
 * limited to {@link #MAX_DOCUMENT_BYTES} bytes and {@link #timeout}.
 */
final class IssuerDocuments implements AutoCloseable {
  /** The maximum size of a document, in bytes. */
  static final int MAX_DOCUMENT_BYTES = 256 * 1024;

  private static final JsonMapper MAPPER = new JsonMapper();

  private final OutgoingHttp client;
  private final Duration timeout;

  IssuerDocuments(Duration timeout) {
    this.timeout = timeout;
    this.client = new OutgoingHttp(timeout, MAX_DOCUMENT_BYTES);
  }

  /** Returns the timeout for one document, up to its last byte. */
  Duration timeout() {
    return timeout;
  }

  /**
   * Fetches the issuer's keys, located by its discovery document (OpenID Connect Discovery, section
   * 4).
   *
   * @throws IOException if the keys cannot be fetched; the message is short and contains no secret
   */
  IssuerKeySet fetchKeys(Issuer issuer) throws IOException {
    var discovery = json(issuer.discoveryUri());
    if (!issuer.name().equals(discovery.path("issuer").textValue())) {
      throw new IOException("the discovery document names a different issuer");
    }
    return IssuerKeySet.read(json(keysUri(issuer, discovery.path("jwks_uri").asText())));
  }

  private static URI keysUri(Issuer issuer, String jwksUri) throws IOException {
    try {
      var uri = URI.create(jwksUri);
      if (issuer.allowsKeysAt(uri)) {
        return uri;
      }
    } catch (IllegalArgumentException e) {
      throw new IOException("the jwks_uri is not a URL", e);
    }
    throw new IOException("the jwks_uri is neither https nor loopback for a loopback issuer");
  }

  private JsonNode json(URI uri) throws IOException {
    var response = client.send(OutgoingRequest.getJson(uri), timeout);
    if (response.status() != 200) {
      throw new IOException("HTTP status " + response.status());
    }
    try {
      return MAPPER.readTree(response.body());
    } catch (JsonProcessingException e) {
      throw new IOException("the response is not JSON", e);
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
