package dev.partywall.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpHandler;
import dev.partywall.error.ApiException;
import dev.partywall.local.LocalOidcIssuer;
import dev.partywall.local.LocalToken;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests which documents and keys of an issuer are accepted. */
class IssuerDocumentsTest {
  private final AuthenticationFixture fixture = new AuthenticationFixture();
  private final LocalOidcIssuer issuer = fixture.issuer;

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void rejectsUnfitKeysAndUsesTheOthers() {
    var keys = new ArrayList<Map<String, Object>>();
    UnfitKey.KEYS.forEach(unfit -> keys.add(unfit.jwk()));
    keys.add(Map.of());
    for (Object kid : List.of("", 1, List.of("rsa"))) {
      keys.add(named(kid));
    }
    keys.add(issuer.key().jwk());
    issuer.publish(keys);
    fixture.refresh();
    assertEquals(200, fixture.send(fixture.signedToken()).status());
    assertTrue(problem().contains("RSA key has fewer than 2048 bits"), this::problem);
    // The key for encryption is ignored, not rejected.
    assertEquals(UnfitKey.KEYS.size() + 3, problem().split(";", -1).length);
  }

  @Test
  void ignoresKeysForOtherUses() {
    var encryption = new HashMap<>(named("enc"));
    encryption.putAll(Map.of("use", "enc", "alg", "RSA-OAEP"));
    issuer.publish(List.of(encryption, issuer.key().jwk()));
    fixture.refresh();
    assertEquals("", problem());
    var token = fixture.token().header("kid", "enc").signedBy(issuer.key());
    assertThrows(ApiException.class, () -> fixture.send(token));
    assertEquals(200, fixture.send(fixture.signedToken()).status());
  }

  @Test
  void rejectsEntriesThatAreNotObjects() {
    var validKey = json(issuer.key().jwk());
    issuer.replaceResponse(
        LocalOidcIssuer.KEYS, respond("{\"keys\":[null,1,\"x\",[]," + validKey + "]}"));
    fixture.refresh();
    assertEquals(200, fixture.send(fixture.signedToken()).status());
  }

  @Test
  void rejectsTheDiscoveryDocumentOfAnotherIssuer() {
    issuer.replaceResponse(
        LocalOidcIssuer.DISCOVERY,
        respond("{\"issuer\":\"%s/\",\"jwks_uri\":\"%s\"}".formatted(issuer.name(), keysUri())));
    assertNoKeys("the discovery document names a different issuer");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://keys.example/jwks",
        "ftp://127.0.0.1/",
        "file:///etc/passwd",
        "",
        "jwks.json",
        "https://user@keys.example/",
        "https:///jwks",
        "http://127.0.0.1.evil.example/jwks"
      })
  void doesNotFetchKeysFromUntrustedUrls(String url) {
    issuer.replaceResponse(
        LocalOidcIssuer.DISCOVERY,
        respond("{\"issuer\":\"%s\",\"jwks_uri\":\"%s\"}".formatted(issuer.name(), url)));
    assertNoKeys("the jwks_uri is neither https nor loopback for a loopback issuer");
  }

  @Test
  void followsNoRedirects() {
    issuer.replaceResponse(
        LocalOidcIssuer.KEYS,
        exchange -> {
          exchange.getResponseHeaders().set("Location", "/elsewhere");
          exchange.sendResponseHeaders(302, -1);
        });
    assertNoKeys("HTTP status 302");
    assertEquals(0, issuer.requestCount("/elsewhere"));
  }

  @Test
  void rejectsAKeySetAboveTheMaximumSize() {
    var filler = "x".repeat(IssuerDocuments.MAX_DOCUMENT_BYTES);
    issuer.replaceResponse(
        LocalOidcIssuer.KEYS, respond("{\"keys\":[],\"filler\":\"" + filler + "\"}"));
    fixture.refresh();
    assertFalse(fixture.issuers.ready());
    assertTrue(problem().startsWith("no response: "), this::problem);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "not JSON", "[]", "null", "{}", "{\"keys\":{}}", "<html>"})
  void keepsTheKeysWhenTheDocumentIsNotAKeySet(String body) {
    fixture.refresh();
    issuer.replaceResponse(LocalOidcIssuer.KEYS, respond(body));
    fixture.clock.advance(IssuerKeys.REFRESH_INTERVAL);
    fixture.refresh();
    assertEquals(200, fixture.send(fixture.signedToken()).status());
    assertFalse(problem().isEmpty());
  }

  private void assertNoKeys(String problem) {
    fixture.refresh();
    assertFalse(fixture.issuers.ready());
    assertEquals(problem, problem());
  }

  /** Returns the issuer's key with another key id. */
  private Map<String, Object> named(Object kid) {
    var jwk = new HashMap<>(issuer.key().jwk());
    jwk.put("kid", kid);
    return jwk;
  }

  private String keysUri() {
    return issuer.name() + LocalOidcIssuer.KEYS;
  }

  private static String json(Map<String, Object> jwk) {
    return new LocalToken(Map.of(), jwk).claimsJson();
  }

  private static HttpHandler respond(String body) {
    return exchange -> LocalOidcIssuer.send(exchange, 200, "application/json", body);
  }

  private String problem() {
    return fixture.issuers.status().getFirst().problem().orElse("");
  }
}
