package dev.partywall.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpHandler;
import dev.partywall.http.Refused;
import dev.partywall.local.LocalIssuer;
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
  private final Gatehouse gatehouse = new Gatehouse();
  private final LocalIssuer issuer = gatehouse.issuer;

  @AfterEach
  void close() {
    gatehouse.close();
  }

  @Test
  void rejectsUnfitKeysAndUsesTheOthers() {
    var keys = new ArrayList<Map<String, Object>>();
    Unfit.KEYS.forEach(unfit -> keys.add(unfit.jwk()));
    keys.add(Map.of());
    for (Object kid : List.of("", 1, List.of("rsa"))) {
      keys.add(named(kid));
    }
    keys.add(issuer.key().jwk());
    issuer.publish(keys);
    gatehouse.refresh();
    assertEquals(200, gatehouse.ask(gatehouse.signed()).status());
    assertTrue(problem().contains("RSA key has fewer than 2048 bits"), this::problem);
    // The key for encryption is ignored, not rejected.
    assertEquals(Unfit.KEYS.size() + 3, problem().split(";", -1).length);
  }

  @Test
  void ignoresKeysForOtherUses() {
    var encryption = new HashMap<>(named("enc"));
    encryption.putAll(Map.of("use", "enc", "alg", "RSA-OAEP"));
    issuer.publish(List.of(encryption, issuer.key().jwk()));
    gatehouse.refresh();
    assertEquals("", problem());
    var token = gatehouse.token().header("kid", "enc").signedBy(issuer.key());
    assertThrows(Refused.class, () -> gatehouse.ask(token));
    assertEquals(200, gatehouse.ask(gatehouse.signed()).status());
  }

  @Test
  void rejectsEntriesThatAreNotObjects() {
    var validKey = json(issuer.key().jwk());
    issuer.replace(LocalIssuer.KEYS, respond("{\"keys\":[null,1,\"x\",[]," + validKey + "]}"));
    gatehouse.refresh();
    assertEquals(200, gatehouse.ask(gatehouse.signed()).status());
  }

  @Test
  void rejectsTheDiscoveryDocumentOfAnotherIssuer() {
    issuer.replace(
        LocalIssuer.DISCOVERY,
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
    issuer.replace(
        LocalIssuer.DISCOVERY,
        respond("{\"issuer\":\"%s\",\"jwks_uri\":\"%s\"}".formatted(issuer.name(), url)));
    assertNoKeys("the jwks_uri is neither https nor loopback for a loopback issuer");
  }

  @Test
  void followsNoRedirects() {
    issuer.replace(
        LocalIssuer.KEYS,
        exchange -> {
          exchange.getResponseHeaders().set("Location", "/elsewhere");
          exchange.sendResponseHeaders(302, -1);
        });
    assertNoKeys("HTTP status 302");
    assertEquals(0, issuer.requests("/elsewhere"));
  }

  @Test
  void rejectsAKeySetAboveTheMaximumSize() {
    var filler = "x".repeat(IssuerDocuments.LARGEST);
    issuer.replace(LocalIssuer.KEYS, respond("{\"keys\":[],\"filler\":\"" + filler + "\"}"));
    gatehouse.refresh();
    assertFalse(gatehouse.issuers.ready());
    assertTrue(problem().startsWith("no response: "), this::problem);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "not JSON", "[]", "null", "{}", "{\"keys\":{}}", "<html>"})
  void keepsTheKeysWhenTheDocumentIsNotAKeySet(String body) {
    gatehouse.refresh();
    issuer.replace(LocalIssuer.KEYS, respond(body));
    gatehouse.clock.advance(IssuerKeys.FRESH);
    gatehouse.refresh();
    assertEquals(200, gatehouse.ask(gatehouse.signed()).status());
    assertFalse(problem().isEmpty());
  }

  private void assertNoKeys(String problem) {
    gatehouse.refresh();
    assertFalse(gatehouse.issuers.ready());
    assertEquals(problem, problem());
  }

  /** Returns the issuer's key with another key id. */
  private Map<String, Object> named(Object kid) {
    var jwk = new HashMap<>(issuer.key().jwk());
    jwk.put("kid", kid);
    return jwk;
  }

  private String keysUri() {
    return issuer.name() + LocalIssuer.KEYS;
  }

  private static String json(Map<String, Object> jwk) {
    return new LocalToken(Map.of(), jwk).claimsJson();
  }

  private static HttpHandler respond(String body) {
    return exchange -> LocalIssuer.send(exchange, 200, "application/json", body);
  }

  private String problem() {
    return gatehouse.issuers.status().getFirst().problem().orElse("");
  }
}
