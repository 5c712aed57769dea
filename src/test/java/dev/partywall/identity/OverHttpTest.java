package dev.partywall.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.http.Filter;
import dev.partywall.http.JdkServer;
import dev.partywall.http.Problems;
import dev.partywall.http.RefuseMalformed;
import dev.partywall.http.Response;
import dev.partywall.http.Route;
import dev.partywall.http.Router;
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
class OverHttpTest {
  private final Gatehouse gatehouse = new Gatehouse();
  private final Forge forge = new Forge(gatehouse);
  private final List<WrongToken> invalidTokens =
      Catalogue.of(forge).stream().filter(WrongToken::canTravel).toList();
  private final JdkServer server = serve();

  private JdkServer serve() {
    var router =
        new Router(List.of(Route.of("GET", "/orders", "orders:read", _ -> Response.of(204))));
    var filters = new ArrayList<Filter>();
    filters.add(router.locating());
    filters.add(new Problems(() -> "0".repeat(32)));
    filters.add(new RefuseMalformed());
    filters.addAll(gatehouse.doors());
    var chain = Filter.corridor(filters, router.dispatching());
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    try {
      return JdkServer.start(address, chain, JdkServer.Limits.DEFAULT);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @BeforeAll
  void publishKeys() {
    Catalogue.publishKeys(gatehouse);
  }

  @AfterAll
  void close() {
    server.close();
    gatehouse.close();
  }

  @Test
  void acceptsAValidToken() throws IOException {
    assertTrue(
        send("Authorization: Bearer " + Forge.signed(forge.right())).startsWith("HTTP/1.1 204 "));
  }

  @ParameterizedTest
  @FieldSource("invalidTokens")
  void sendsTheSameResponseForEveryInvalidToken(WrongToken invalid) throws IOException {
    var response = send("Authorization: Bearer " + invalid.text());
    assertTrue(response.startsWith("HTTP/1.1 401 "), response);
    assertTrue(response.contains("Bearer realm=\"partywall\", error=\"invalid_token\""), response);
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
      assertTrue(response.contains("Bearer realm=\"partywall\"\r\n"), response);
      assertFalse(response.contains("error="), response);
    }
  }

  @Test
  void forbidsATokenWithoutTheScope() throws IOException {
    var token = Forge.signed(forge.right().claim("scope", "orders:write"));
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
