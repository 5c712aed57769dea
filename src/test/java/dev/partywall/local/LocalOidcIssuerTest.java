package dev.partywall.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.SignedJWT;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LocalOidcIssuerTest {
  private static LocalOidcIssuer issuer;
  private static HttpClient client;

  @BeforeAll
  static void start() throws IOException {
    issuer = LocalOidcIssuer.start();
    client = HttpClient.newHttpClient();
  }

  @AfterAll
  static void stop() {
    client.close();
    issuer.close();
  }

  @Test
  void issuesATokenWithTheRequestedClaims() throws Exception {
    var response =
        get(
            "/token?tenant=acme&user=alice&scope=orders:read%20orders:write&tier=premium&seconds=600");
    assertEquals(200, response.statusCode());
    assertEquals("text/plain", response.headers().firstValue("Content-Type").orElse(""));
    var token = SignedJWT.parse(response.body());
    var claims = token.getJWTClaimsSet();
    assertEquals("EdDSA", token.getHeader().getAlgorithm().getName());
    assertEquals(issuer.key().id(), token.getHeader().getKeyID());
    assertEquals(issuer.name(), claims.getIssuer());
    assertEquals("alice", claims.getSubject());
    assertEquals("acme", claims.getClaim("tenant_id"));
    assertEquals("premium", claims.getClaim("tenant_tier"));
    assertEquals("orders:read orders:write", claims.getClaim("scope"));
    var issued = claims.getIssueTime().toInstant();
    assertEquals(issued.plusSeconds(600), claims.getExpirationTime().toInstant());
  }

  @Test
  void namesTheAlgorithmOfTheKey() throws Exception {
    try (var rsa = LocalOidcIssuer.start(0, InstantSource.system(), LocalKey.rsa("rsa", 2048))) {
      var url = rsa.name() + "/token?tenant=acme&user=alice";
      assertEquals(
          "RS256", SignedJWT.parse(getUrl(url).body()).getHeader().getAlgorithm().getName());
      var document = getUrl(rsa.name() + LocalOidcIssuer.DISCOVERY).body();
      assertTrue(document.contains("\"id_token_signing_alg_values_supported\":[\"RS256\"]"));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/token                                | Parameters have the form",
        "/token?tenant=acme                    | Parameter user is missing",
        "/token?user=alice                     | Parameter tenant is missing",
        "/token?tenant=acme&user=              | Parameter user is missing",
        "/token?tenant=ACME&user=alice         | Parameter tenant must match [a-z0-9]",
        "/token?tenant=acme&user=a&seconds=x   | Parameter seconds must be an integer",
        "/token?tenant=acme&user=a&seconds=999999999 | Parameter seconds must not exceed ten years",
        "/token?tenant=acme&user=a&user=b      | Duplicate parameter: user",
        "/token?tenant=acme&user=a&scpe=x      | Unknown parameter",
      })
  void describesTheFaultInARequest(String path, String message) throws Exception {
    var response = get(path);
    assertEquals(400, response.statusCode());
    assertTrue(response.body().startsWith(message), response::body);
    assertTrue(response.body().endsWith("\n"));
  }

  @Test
  void issuesOperatorsTokensWithoutATenantAndWithAnotherKey() throws Exception {
    try (var tenants = LocalOidcIssuer.start()) {
      var operators = tenants.operators("/operators");
      assertEquals(tenants.name() + "/operators", operators.name());
      var url = operators.name() + "/token?user=olga&scope=tenants:read%20tenants:admin";
      var token = SignedJWT.parse(getUrl(url).body());
      assertEquals("ES256", token.getHeader().getAlgorithm().getName());
      assertEquals(operators.name(), token.getJWTClaimsSet().getIssuer());
      assertEquals("olga", token.getJWTClaimsSet().getSubject());
      assertNull(token.getJWTClaimsSet().getClaim("tenant_id"));
      var keys = JWKSet.parse(getUrl(operators.name() + LocalOidcIssuer.KEYS).body());
      assertEquals(
          List.of(operators.key().id()), keys.getKeys().stream().map(JWK::getKeyID).toList());
      assertTrue(token.verify(new ECDSAVerifier(keys.getKeys().getFirst().toECKey())));
      var document = getUrl(operators.name() + LocalOidcIssuer.DISCOVERY).body();
      assertTrue(document.contains("\"jwks_uri\":\"" + operators.name() + LocalOidcIssuer.KEYS));
    }
  }

  @Test
  void generatesNewKeysAtEveryStart() throws Exception {
    try (var other = LocalOidcIssuer.start()) {
      assertNotEquals(other.key().id(), issuer.key().id());
      assertNotEquals(other.key().jwk().get("x"), issuer.key().jwk().get("x"));
    }
  }

  @Test
  void rejectsOtherPathsAndMethods() throws Exception {
    assertEquals(404, get("/").statusCode());
    var post = HttpRequest.newBuilder(uri("/token")).POST(HttpRequest.BodyPublishers.noBody());
    assertEquals(405, client.send(post.build(), BodyHandlers.ofString()).statusCode());
  }

  private static HttpResponse<String> get(String path) throws Exception {
    return getUrl(issuer.name() + path);
  }

  private static HttpResponse<String> getUrl(String url) throws Exception {
    var request = HttpRequest.newBuilder(URI.create(url)).build();
    return client.send(request, BodyHandlers.ofString());
  }

  private static URI uri(String path) {
    return URI.create(issuer.name() + path);
  }
}
