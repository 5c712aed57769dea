package dev.partywall.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.partywall.error.TokenRejection;
import dev.partywall.local.LocalOidcIssuer;
import dev.partywall.observability.log.SuiteLog;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests that no token is called invalid before it was compared with the keys of its issuer. */
class IssuerOutageTest {
  private static final String DISCOVERY = LocalOidcIssuer.DISCOVERY;
  private static final String KEYS = LocalOidcIssuer.KEYS;

  @AutoClose private final AuthenticationFixture fixture = new AuthenticationFixture();

  static List<Named<Consumer<LocalOidcIssuer>>> outages() {
    var outages = new ArrayList<Named<Consumer<LocalOidcIssuer>>>();
    outages.add(Named.of("closed connections", LocalOidcIssuer::dropConnections));
    for (var document : List.of(DISCOVERY, KEYS)) {
      for (var status : List.of(204, 301, 400, 401, 403, 404, 429, 500, 503)) {
        outages.add(
            outage(document + " " + status, document, exchange -> respond(exchange, status, "")));
      }
      for (var body : List.of("", "{}", "[]", "null", "<html>sign in</html>", "{\"keys\":1}")) {
        outages.add(
            outage(document + " " + body, document, exchange -> respond(exchange, 200, body)));
      }
    }
    outages.add(
        outage(
            "keys at a closed port",
            DISCOVERY,
            exchange -> respond(exchange, 200, discovery(exchange, "http://127.0.0.1:1/keys"))));
    outages.add(Named.of("no keys", issuer -> issuer.publish()));
    outages.add(Named.of("no fit key", issuer -> issuer.publish(unfitKeys())));
    outages.add(
        Named.of("only a key for encryption", issuer -> issuer.publish(encryptionKey(issuer))));
    return outages;
  }

  private static Named<Consumer<LocalOidcIssuer>> outage(
      String name, String document, HttpHandler response) {
    return Named.of(name, issuer -> issuer.replaceResponse(document, response));
  }

  private static void respond(HttpExchange exchange, int status, String body) throws IOException {
    LocalOidcIssuer.send(exchange, status, "application/json", body);
  }

  private static String discovery(HttpExchange exchange, String keys) {
    return "{\"issuer\":\"http://%s\",\"jwks_uri\":\"%s\"}"
        .formatted(exchange.getRequestHeaders().getFirst("Host"), keys);
  }

  private static List<Map<String, Object>> unfitKeys() {
    return UnfitKey.KEYS.stream().<Map<String, Object>>map(UnfitKey::jwk).toList();
  }

  private static List<Map<String, Object>> encryptionKey(LocalOidcIssuer issuer) {
    var key = new HashMap<>(issuer.key().jwk());
    key.put("use", "enc");
    return List.of(key);
  }

  @ParameterizedTest
  @MethodSource("outages")
  void everyTokenIsUnavailableBeforeTheFirstKeys(Consumer<LocalOidcIssuer> outage) {
    outage.accept(fixture.issuer);
    fixture.refresh();
    fixture.assertUnavailable(fixture.signedToken());
    fixture.assertUnavailable(fixture.token().signedBy(KeyPairs.RSA));
    assertFalse(fixture.issuers.ready());
  }

  @ParameterizedTest
  @MethodSource("outages")
  void aTokenWithAnUnknownKeyIsUnavailableWhileTheKeysCannotBeFetched(
      Consumer<LocalOidcIssuer> outage) {
    fixture.refresh();
    var rotated = fixture.token().header("kid", "new").signedBy(KeyPairs.RSA);
    outage.accept(fixture.issuer);
    fixture.clock.advance(AuthenticationFixture.TIMES.unknownIdInterval());
    fixture.assertUnavailable(rotated);
    var fetches = fixture.issuer.requestCount(LocalOidcIssuer.DISCOVERY);
    fixture.assertUnavailable(rotated);
    assertEquals(fetches, fixture.issuer.requestCount(LocalOidcIssuer.DISCOVERY));
  }

  @Test
  void aKnownKeyIsUsedWhileTheKeysCannotBeFetched() {
    fixture.refresh();
    fixture.issuer.dropConnections();
    fixture.clock.advance(AuthenticationFixture.TIMES.unknownIdInterval());
    fixture.assertUnavailable(fixture.token().header("kid", "new").signedBy(KeyPairs.RSA));
    assertEquals(200, fixture.send(fixture.signedToken()).status());
    fixture.assertRejected(
        TokenRejection.AUDIENCE,
        fixture.token().claim("client_id", "x").signedBy(fixture.issuer.key()));
  }

  @Test
  void aTokenWithAnUnknownKeyIsInvalidAfterTheNextFetch() {
    fixture.refresh();
    fixture.issuer.dropConnections();
    fixture.clock.advance(AuthenticationFixture.TIMES.unknownIdInterval());
    var token = fixture.token().header("kid", "new").signedBy(KeyPairs.RSA);
    fixture.assertUnavailable(token);
    fixture.issuer.restore();
    fixture.clock.advance(IssuerKeys.RETRY_AFTER);
    fixture.refresh();
    fixture.assertRejected(TokenRejection.UNKNOWN_KEY, token);
  }

  @Test
  void logsAnUnexpectedDocumentAsAnError() throws InterruptedException {
    fixture.issuer.replaceResponse(KEYS, exchange -> respond(exchange, 403, ""));
    fixture.refresh();
    var message = "issuer " + fixture.issuer.name() + ": HTTP status 403";
    assertTrue(SuiteLog.errorLines().stream().anyMatch(line -> line.contains(message)));
  }
}
