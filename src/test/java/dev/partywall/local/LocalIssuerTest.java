package dev.partywall.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jwt.SignedJWT;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LocalIssuerTest {
  private static LocalIssuer issuer;
  private static HttpClient client;

  @BeforeAll
  static void start() throws IOException {
    issuer = LocalIssuer.start();
    client = HttpClient.newHttpClient();
  }

  @AfterAll
  static void stop() {
    client.close();
    issuer.close();
  }

  @Test
  void givesATokenForTheAsking() throws Exception {
    var answer =
        get(
            "/token?tenant=acme&user=alice&scope=orders:read%20orders:write&tier=premium&seconds=600");
    assertEquals(200, answer.statusCode());
    assertEquals("text/plain", answer.headers().firstValue("Content-Type").orElse(""));
    var token = SignedJWT.parse(answer.body());
    var claims = token.getJWTClaimsSet();
    assertEquals("RS256", token.getHeader().getAlgorithm().getName());
    assertEquals(issuer.key().id(), token.getHeader().getKeyID());
    assertEquals(issuer.name(), claims.getIssuer());
    assertEquals("alice", claims.getSubject());
    assertEquals("acme", claims.getClaim("tenant_id"));
    assertEquals("premium", claims.getClaim("tenant_tier"));
    assertEquals("orders:read orders:write", claims.getClaim("scope"));
    var issued = claims.getIssueTime().toInstant();
    assertEquals(issued.plusSeconds(600), claims.getExpirationTime().toInstant());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/token                                | parameters are name=value",
        "/token?tenant=acme                    | user is missing",
        "/token?user=alice                     | tenant is missing",
        "/token?tenant=acme&user=              | user is missing",
        "/token?tenant=ACME&user=alice         | tenant is [a-z0-9]",
        "/token?tenant=acme&user=a&seconds=x   | seconds is a whole number",
        "/token?tenant=acme&user=a&seconds=999999999 | seconds is at most ten years",
        "/token?tenant=acme&user=a&user=b      | user is given twice",
        "/token?tenant=acme&user=a&scpe=x      | no such parameter",
      })
  void saysWhatIsWrongWithARequest(String path, String line) throws Exception {
    var answer = get(path);
    assertEquals(400, answer.statusCode());
    assertTrue(answer.body().startsWith(line), answer::body);
    assertTrue(answer.body().endsWith("\n"));
  }

  @Test
  void everyStartHasKeysOfItsOwn() throws Exception {
    try (var other = LocalIssuer.start()) {
      assertNotEquals(other.key().id(), issuer.key().id());
      assertNotEquals(other.key().jwk().get("n"), issuer.key().jwk().get("n"));
    }
  }

  @Test
  void anythingElseIsNotThere() throws Exception {
    assertEquals(404, get("/").statusCode());
    var post = HttpRequest.newBuilder(uri("/token")).POST(HttpRequest.BodyPublishers.noBody());
    assertEquals(405, client.send(post.build(), BodyHandlers.ofString()).statusCode());
  }

  private static HttpResponse<String> get(String path) throws Exception {
    return client.send(HttpRequest.newBuilder(uri(path)).build(), BodyHandlers.ofString());
  }

  private static URI uri(String path) {
    return URI.create(issuer.name() + path);
  }
}
