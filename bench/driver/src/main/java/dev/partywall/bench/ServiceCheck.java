package dev.partywall.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;

/**
 * Holds every service to the same work before it is measured: the same twenty orders to a token
 * that holds, and, from each but the floor, no answer to those that don't.
 */
final class ServiceCheck {
  private final String expected;
  private final String token;
  private final List<InvalidTokenCase> unfit;

  private ServiceCheck(String expected, String token, List<InvalidTokenCase> unfit) {
    this.expected = expected;
    this.token = token;
    this.unfit = unfit;
  }

  /** A token that does not hold, and how it is to be answered. */
  private record InvalidTokenCase(String what, String token, int status) {}

  /** With a token that holds, and the stub's others. */
  static ServiceCheck of(StubBackend stub, String token) throws IOException, InterruptedException {
    var unfit =
        List.of(
            new InvalidTokenCase("no token", "", 401),
            new InvalidTokenCase("a forged token", forged(token), 401),
            new InvalidTokenCase("a token for somebody else", stub.token("aud=others-api"), 401),
            new InvalidTokenCase("a token that is over", stub.token("seconds=-600"), 401),
            new InvalidTokenCase("a token without the scope", stub.token("scope=orders:write"), 403));
    return new ServiceCheck(stub.expected(), token, unfit);
  }

  /**
   * Asks the service.
   *
   * @throws IOException saying what it does otherwise
   */
  void check(BenchService service, int port) throws IOException, InterruptedException {
    var orders = ask(port, token);
    require(service, orders.statusCode() == 200, "answers " + orders.statusCode());
    require(service, same(orders.body()), "answers other orders: " + orders.body());
    if (service.readsTokens()) {
      for (var bad : unfit) {
        var status = ask(port, bad.token()).statusCode();
        require(service, status == bad.status(), "answers " + status + " to " + bad.what());
      }
    }
  }

  private static void require(BenchService service, boolean holds, String otherwise) throws IOException {
    if (!holds) {
      throw new IOException(service.name() + " " + otherwise);
    }
  }

  private boolean same(String body) throws IOException {
    var json = new ObjectMapper();
    return json.readTree(body).get("orders").equals(json.readTree(expected).get("orders"));
  }

  /** The same claims under another token's signature: one character in its middle differs. */
  private static String forged(String token) {
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
