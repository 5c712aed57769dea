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

/** What a caller sees of all this: the same answer, whatever is wrong with his token. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OverHttpTest {
  private final Gatehouse gatehouse = new Gatehouse();
  private final Forge forge = new Forge(gatehouse);
  private final List<WrongToken> catalogue =
      Catalogue.of(forge).stream().filter(WrongToken::canTravel).toList();
  private final JdkServer server = serve();

  private JdkServer serve() {
    var router =
        new Router(List.of(Route.of("GET", "/orders", "orders:read", _ -> Response.of(204))));
    var doors = new ArrayList<Filter>();
    doors.add(router.locating());
    doors.add(new Problems(() -> "0".repeat(32)));
    doors.add(new RefuseMalformed());
    doors.addAll(gatehouse.doors());
    var corridor = Filter.corridor(doors, router.dispatching());
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    try {
      return JdkServer.start(address, corridor, JdkServer.Limits.DEFAULT);
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
  void aRightTokenIsLetIn() throws IOException {
    assertTrue(
        ask("Authorization: Bearer " + Forge.signed(forge.right())).startsWith("HTTP/1.1 204 "));
  }

  @ParameterizedTest
  @FieldSource("catalogue")
  void everyWrongTokenGetsTheSameAnswer(WrongToken wrong) throws IOException {
    var answer = ask("Authorization: Bearer " + wrong.text());
    assertTrue(answer.startsWith("HTTP/1.1 401 "), answer);
    assertTrue(answer.contains("Bearer realm=\"partywall\", error=\"invalid_token\""), answer);
    assertTrue(answer.contains("application/problem+json"), answer);
    assertEquals(ask("Authorization: Bearer a.b.c"), answer);
  }

  @Test
  void mostOfTheCatalogueTravels() {
    assertTrue(catalogue.size() >= 350, () -> "only " + catalogue.size());
  }

  @Test
  void withoutATokenTheChallengeHasNoErrorCode() throws IOException {
    for (var header : List.of("X: y", "Authorization: Basic eDp5", "Authorization: Bearer")) {
      var answer = ask(header);
      assertTrue(answer.startsWith("HTTP/1.1 401 "), answer);
      assertTrue(answer.contains("Bearer realm=\"partywall\"\r\n"), answer);
      assertFalse(answer.contains("error="), answer);
    }
  }

  @Test
  void aRightThatIsMissingIsForbidden() throws IOException {
    var token = Forge.signed(forge.right().claim("scope", "orders:write"));
    var answer = ask("Authorization: Bearer " + token);
    assertTrue(answer.startsWith("HTTP/1.1 403 "), answer);
    assertTrue(answer.contains("error=\"insufficient_scope\""), answer);
  }

  /** The whole answer but for its date, which is the one thing that may differ. */
  private String ask(String header) throws IOException {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      var request =
          "GET /orders HTTP/1.1\r\nHost: a\r\nConnection: close\r\n" + header + "\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      var answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return answer.replaceFirst("Date: [^\r]*\r\n", "");
    }
  }
}
