package dev.partywall.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A caller of a service under test, with one token or none. It follows no redirect, and is safe for
 * use by several threads.
 */
public final class TestClient {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  private final HttpClient http;
  private final URI service;
  private final Optional<String> token;
  private final List<Exchange> exchanges = new CopyOnWriteArrayList<>();

  /** A request of this client, with its response. */
  record Exchange(TestRequest request, TestResponse response) {
    boolean isSuccessful() {
      return response.status() / 100 == 2;
    }
  }

  TestClient(HttpClient http, URI service, Optional<String> token) {
    this.http = http;
    this.service = service;
    this.token = token;
  }

  /** Sends {@code GET}. */
  public TestResponse get(String target) {
    return send(TestRequest.of("GET", target));
  }

  /** Sends {@code POST} with a JSON body. */
  public TestResponse post(String target, String json) {
    return send(TestRequest.of("POST", target).withJson(json));
  }

  /** Sends {@code PUT} with a JSON body. */
  public TestResponse put(String target, String json) {
    return send(TestRequest.of("PUT", target).withJson(json));
  }

  /** Sends {@code DELETE}. */
  public TestResponse delete(String target) {
    return send(TestRequest.of("DELETE", target));
  }

  /**
   * Sends any request.
   *
   * @throws UncheckedIOException if there is no response
   */
  public TestResponse send(TestRequest request) {
    var response = sendUnrecorded(request);
    exchanges.add(new Exchange(request, response));
    return response;
  }

  TestResponse sendUnrecorded(TestRequest request) {
    var builder = request.builder(service).timeout(TIMEOUT);
    token.ifPresent(value -> builder.setHeader("Authorization", "Bearer " + value));
    try {
      var response = http.send(builder.build(), BodyHandlers.ofString());
      return new TestResponse(response.statusCode(), response.headers(), response.body());
    } catch (IOException e) {
      throw new UncheckedIOException("No response to " + request, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted during " + request, e);
    }
  }

  /** Returns the requests so far, in order. */
  List<Exchange> exchanges() {
    return List.copyOf(exchanges);
  }
}
