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
 * Checks before the measurement that every service does the same work. Each must return the same
 * twenty orders for a valid token. Each except the floor must reject invalid tokens.
 */
final class ServiceCheck {
  private final String expected;
  private final String token;
  private final List<InvalidTokenCase> invalidTokens;

  private ServiceCheck(String expected, String token, List<InvalidTokenCase> unfit) {
    this.expected = expected;
    this.token = token;
    this.invalidTokens = unfit;
  }

  /** An invalid token and the expected status. */
  private record InvalidTokenCase(String description, String token, int expectedStatus) {}

  /** Creates a check with a valid token and with invalid tokens of the stub. */
  static ServiceCheck of(StubBackend stub, String token) throws IOException, InterruptedException {
    var unfit =
        List.of(
            new InvalidTokenCase("no token", "", 401),
            new InvalidTokenCase("a forged token", forged(token), 401),
            new InvalidTokenCase("a token for another audience", stub.token("aud=others-api"), 401),
            new InvalidTokenCase("an expired token", stub.token("seconds=-600"), 401),
            new InvalidTokenCase(
                "a token without the scope", stub.token("scope=orders:write"), 403));
    return new ServiceCheck(stub.expectedOrders(), token, unfit);
  }

  /**
   * Checks a service.
   *
   * @throws IOException with a description of the difference
   */
  void check(BenchService service, int port) throws IOException, InterruptedException {
    var orders = request(port, token);
    require(service, orders.statusCode() == 200, "returns " + orders.statusCode());
    require(service, sameOrders(orders.body()), "returns different orders: " + orders.body());
    if (service.verifiesTokens()) {
      for (var invalid : invalidTokens) {
        var status = request(port, invalid.token()).statusCode();
        require(
            service,
            status == invalid.expectedStatus(),
            "returns " + status + " for " + invalid.description());
      }
    }
  }

  private static void require(BenchService service, boolean condition, String failure)
      throws IOException {
    if (!condition) {
      throw new IOException(service.name() + " " + failure);
    }
  }

  private boolean sameOrders(String body) throws IOException {
    var json = new ObjectMapper();
    return json.readTree(body).get("orders").equals(json.readTree(expected).get("orders"));
  }

  /** Returns the same claims with an invalid signature: one character differs. */
  private static String forged(String token) {
    var position = token.lastIndexOf('.') + 100;
    var replacement = token.charAt(position) == 'A' ? 'B' : 'A';
    return token.substring(0, position) + replacement + token.substring(position + 1);
  }

  private static HttpResponse<String> request(int port, String token)
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
