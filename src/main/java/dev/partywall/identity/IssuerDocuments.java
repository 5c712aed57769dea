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
 * Fetches what issuers publish. No redirect is followed, and no document may be larger than {@link
 * #LARGEST} or take longer than {@link #patience}.
 */
final class IssuerDocuments implements AutoCloseable {
  /** In bytes. */
  static final int LARGEST = 256 * 1024;

  private static final JsonMapper MAPPER = new JsonMapper();

  private final HttpClient client;
  private final Duration patience;

  IssuerDocuments(Duration patience) {
    this.patience = patience;
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(patience)
            .build();
  }

  /** How long one document may take, its last byte included. */
  Duration patience() {
    return patience;
  }

  /**
   * The issuer's keys, by way of its discovery document (OpenID Connect Discovery, section 4).
   *
   * @throws IOException when they can't be had; the message is short and names no secret
   */
  SigningKeys keys(Issuer issuer) throws IOException {
    var discovery = json(issuer.discovery());
    if (!issuer.name().equals(discovery.path("issuer").textValue())) {
      throw new IOException("its discovery document names another issuer");
    }
    return SigningKeys.read(json(keysUri(issuer, discovery.path("jwks_uri").asText())));
  }

  private static URI keysUri(Issuer issuer, String given) throws IOException {
    try {
      var uri = URI.create(given);
      if (issuer.mayKeepKeysAt(uri)) {
        return uri;
      }
    } catch (IllegalArgumentException e) {
      throw new IOException("its jwks_uri is not a URL", e);
    }
    throw new IOException("its jwks_uri is neither https nor on its own loopback");
  }

  private JsonNode json(URI uri) throws IOException {
    var response = send(HttpRequest.newBuilder(uri).header("Accept", "application/json").build());
    if (response.statusCode() != 200) {
      throw new IOException("HTTP status " + response.statusCode());
    }
    try {
      return MAPPER.readTree(response.body());
    } catch (JsonProcessingException e) {
      throw new IOException("what it sent is not JSON", e);
    }
  }

  /** Waits for the whole exchange: a request's own time-out ends with the answer's header. */
  private HttpResponse<byte[]> send(HttpRequest request) throws IOException {
    var exchange =
        client.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), LARGEST));
    try {
      return exchange.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new IOException("no answer in time", e);
    } catch (ExecutionException e) {
      var why = e.getCause() == null ? null : e.getCause().getMessage();
      throw new IOException("no answer: " + Objects.toString(why, "no connection"), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    } finally {
      exchange.cancel(true);
    }
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
