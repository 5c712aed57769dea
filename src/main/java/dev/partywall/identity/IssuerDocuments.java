package dev.partywall.identity;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Fetches the discovery documents and key sets of issuers. Follows no redirects. A document is
 * limited to {@link #MAX_DOCUMENT_BYTES} bytes and {@link #timeout}.
 */
final class IssuerDocuments implements AutoCloseable {
  /** The maximum size of a document, in bytes. */
  static final int MAX_DOCUMENT_BYTES = 256 * 1024;

  private static final JsonMapper MAPPER = new JsonMapper();

  private final HttpClient client;
  private final Duration timeout;

  IssuerDocuments(Duration timeout) {
    this.timeout = timeout;
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(timeout)
            .build();
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
    var response = send(HttpRequest.newBuilder(uri).header("Accept", "application/json").build());
    if (response.statusCode() != 200) {
      throw new IOException("HTTP status " + response.statusCode());
    }
    try {
      return MAPPER.readTree(response.body());
    } catch (JsonProcessingException e) {
      throw new IOException("the response is not JSON", e);
    }
  }

  /** Applies the timeout to the body as well: the JDK's request timeout covers only the headers. */
  private HttpResponse<byte[]> send(HttpRequest request) throws IOException {
    var exchange =
        client.sendAsync(
            request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), MAX_DOCUMENT_BYTES));
    try {
      return exchange.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new IOException("no response within the timeout", e);
    } catch (ExecutionException e) {
      var message = e.getCause() == null ? null : e.getCause().getMessage();
      throw new IOException("no response: " + Objects.toString(message, "no connection"), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting for the response");
    } finally {
      exchange.cancel(true);
    }
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
