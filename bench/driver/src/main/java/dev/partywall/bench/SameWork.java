package dev.partywall.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;

/**
 * Holds every service to the same work before it is measured: the same twenty orders to a token
 * that holds, and, from each but the floor, no answer to a forged one and to none. Audience, time
 * and scope are checked by how each is set up; nobody tries that out here.
 */
final class SameWork {
  private final String expected;
  private final String token;

  SameWork(String expected, String token) {
    this.expected = expected;
    this.token = token;
  }

  /**
   * Asks the service.
   *
   * @throws IOException saying what it does otherwise
   */
  void check(Service service, int port) throws IOException, InterruptedException {
    var orders = ask(port, token);
    require(service, orders.statusCode() == 200, "answers " + orders.statusCode());
    require(service, same(orders.body()), "answers other orders: " + orders.body());
    if (service.readsTokens()) {
      var forged = ask(port, forged()).statusCode();
      require(service, forged == 401, "answers " + forged + " to a forged token");
      var none = ask(port, "").statusCode();
      require(service, none == 401, "answers " + none + " without a token");
    }
  }

  private static void require(Service service, boolean holds, String otherwise) throws IOException {
    if (!holds) {
      throw new IOException(service.name() + " " + otherwise);
    }
  }

  private boolean same(String body) throws IOException {
    var json = new ObjectMapper();
    return json.readTree(body).get("orders").equals(json.readTree(expected).get("orders"));
  }

  /** The same claims under another token's signature: one character in its middle differs. */
  private String forged() {
    var at = token.lastIndexOf('.') + 100;
    var other = token.charAt(at) == 'A' ? 'B' : 'A';
    return token.substring(0, at) + other + token.substring(at + 1);
  }

  private static HttpResponse<String> ask(int port, String token)
      throws IOException, InterruptedException {
    var uri = URI.create("http://127.0.0.1:" + port + "/orders?limit=20");
    var request = HttpRequest.newBuilder(uri);
    if (!token.isEmpty()) {
      request.header("Authorization", "Bearer " + token);
    }
    try (var client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      return client.send(request.build(), BodyHandlers.ofString());
    }
  }
}
