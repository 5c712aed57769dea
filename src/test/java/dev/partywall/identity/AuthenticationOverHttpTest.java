package dev.partywall.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.http.Filter;
import dev.partywall.http.Response;
import dev.partywall.http.Route;
import dev.partywall.http.Router;
import dev.partywall.http.SelectRoute;
import dev.partywall.http.filters.ProblemDetailsFilter;
import dev.partywall.http.filters.RejectMalformed;
import dev.partywall.http.server.JdkServer;
import dev.partywall.http.server.ListenerLimits;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Tests that clients get the same response for every invalid token. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AuthenticationOverHttpTest {
  private final AuthenticationFixture fixture = AuthenticationFixture.withoutPauses();
  private final TokenForge forge = new TokenForge(fixture);
  private final List<InvalidToken> invalidTokens =
      TokenCases.of(forge).stream().filter(InvalidToken::survivesHttp).toList();
  private final JdkServer server = serve();

  private JdkServer serve() {
    var router =
        new Router(List.of(Route.of("GET", "/orders", "orders:read", _ -> Response.of(204))));
    var filters = new ArrayList<Filter>();
    filters.add(new SelectRoute(router));
    filters.add(new ProblemDetailsFilter("orders", () -> "0".repeat(32)));
    filters.add(new RejectMalformed());
    filters.addAll(fixture.filters());
    var chain = Filter.chain(filters, router.dispatchHandler());
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    try {
      return JdkServer.start(address, chain, ListenerLimits.DEFAULT);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @BeforeAll
  void publishKeys() {
    TokenCases.publishKeys(fixture);
  }

  @AfterAll
  void close() {
    server.close();
    fixture.close();
  }

  @Test
  void acceptsAValidToken() throws IOException {
    assertTrue(
        send("Authorization: Bearer " + TokenForge.signed(forge.validToken()))
            .startsWith("HTTP/1.1 204 "));
  }

  @ParameterizedTest
  @FieldSource("invalidTokens")
  void sendsTheSameResponseForEveryInvalidToken(InvalidToken invalid) throws IOException {
    var response = send("Authorization: Bearer " + invalid.text());
    assertTrue(response.startsWith("HTTP/1.1 401 "), response);
    assertTrue(response.contains("Bearer realm=\"orders\", error=\"invalid_token\""), response);
    assertTrue(response.contains("application/problem+json"), response);
    assertEquals(send("Authorization: Bearer a.b.c"), response);
  }

  @Test
  void mostInvalidTokensCanBeSentOverHttp() {
    assertTrue(invalidTokens.size() >= 350, () -> "only " + invalidTokens.size());
  }

  @Test
  void sendsNoErrorCodeWithoutAToken() throws IOException {
    for (var header : List.of("X: y", "Authorization: Basic eDp5", "Authorization: Bearer")) {
      var response = send(header);
      assertTrue(response.startsWith("HTTP/1.1 401 "), response);
      assertTrue(response.contains("Bearer realm=\"orders\"\r\n"), response);
      assertFalse(response.contains("error="), response);
    }
  }

  @Test
  void forbidsATokenWithoutTheScope() throws IOException {
    var token = TokenForge.signed(forge.validToken().claim("scope", "orders:write"));
    var response = send("Authorization: Bearer " + token);
    assertTrue(response.startsWith("HTTP/1.1 403 "), response);
    assertTrue(response.contains("error=\"insufficient_scope\""), response);
  }

  /** Returns the complete response without its date, the only part that may differ. */
  private String send(String header) throws IOException {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      var request =
          "GET /orders HTTP/1.1\r\nHost: a\r\nConnection: close\r\n" + header + "\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      var response = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return response.replaceFirst("Date: [^\r]*\r\n", "");
    }
  }
}
