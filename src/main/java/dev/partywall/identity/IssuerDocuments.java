package dev.partywall.identity;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.partywall.http.client.OutgoingHttp;
import dev.partywall.http.client.OutgoingRequest;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.Duration;

/**
 * Fetches the discovery documents and key sets of issuers. Follows no redirects. A document is
 * limited to {@link #MAX_DOCUMENT_BYTES} bytes and {@link #timeout}.
 */
final class IssuerDocuments implements AutoCloseable {
  /** The maximum size of a document, in bytes. */
  static final int MAX_DOCUMENT_BYTES = 256 * 1024;

  /** RFC 6585, section 4. */
  private static final int TOO_MANY_REQUESTS = 429;

  private static final JsonMapper MAPPER = new JsonMapper();

  private final OutgoingHttp client;
  private final Duration timeout;

  /** The issuer has returned an unexpected status or document. The message contains the reason. */
  static final class UnexpectedDocumentException extends IOException {
    private static final long serialVersionUID = 1L;

    UnexpectedDocumentException(String message) {
      super(message);
    }

    UnexpectedDocumentException(String message, Throwable cause) {
      super(message, cause);
    }
  }

  IssuerDocuments(Duration timeout) {
    this.timeout = timeout;
    this.client = new OutgoingHttp(timeout, MAX_DOCUMENT_BYTES);
  }

  /**
   * Fetches the issuer's keys, located by its discovery document (OpenID Connect Discovery, section
   * 4).
   *
   * @throws UnexpectedDocumentException if the issuer returns an error or another document
   * @throws IOException if the issuer is unavailable; the message is short and contains no secret
   */
  IssuerKeySet fetchKeys(Issuer issuer) throws IOException {
    var discovery = json(issuer.discoveryUri());
    if (!issuer.name().equals(discovery.path("issuer").textValue())) {
      throw new UnexpectedDocumentException("the discovery document names a different issuer");
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
      throw new UnexpectedDocumentException("the jwks_uri is not a URL", e);
    }
    throw new UnexpectedDocumentException(
        "the jwks_uri is neither https nor loopback for a loopback issuer");
  }

  private JsonNode json(URI uri) throws IOException {
    var response = client.send(OutgoingRequest.getJson(uri), timeout);
    requireOk(response.status());
    try {
      return MAPPER.readTree(response.body());
    } catch (JsonProcessingException e) {
      throw new UnexpectedDocumentException("the response is not JSON", e);
    }
  }

  private static void requireOk(int status) throws IOException {
    if (status >= 500 || status == TOO_MANY_REQUESTS) {
      throw new IOException("HTTP status " + status);
    }
    if (status != HttpURLConnection.HTTP_OK) {
      throw new UnexpectedDocumentException("HTTP status " + status);
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
