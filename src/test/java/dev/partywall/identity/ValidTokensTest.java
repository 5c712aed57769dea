package dev.partywall.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.identity.TokenVerifier.IdentityClaims;
import dev.partywall.local.LocalKey;
import dev.partywall.local.LocalOidcIssuer;
import dev.partywall.local.LocalToken;
import dev.partywall.tenancy.Identity;
import dev.partywall.tenancy.Identity.TenantUser;
import dev.partywall.tenancy.TenantId;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ValidTokensTest {
  private static AuthenticationFixture fixture;

  @BeforeAll
  static void open() {
    fixture = new AuthenticationFixture();
    fixture.issuer.publish(
        KeyPairs.RSA, KeyPairs.P256, KeyPairs.P384, KeyPairs.P521, KeyPairs.ED25519);
    fixture.refresh();
  }

  @AfterAll
  static void close() {
    fixture.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA",
        "Ed25519"
      })
  void acceptsEverySupportedAlgorithm(String algorithm) {
    var token = validToken().header("alg", algorithm);
    assertEquals("alice", verified(token, KeyPairs.of(algorithm)).identity().subject());
  }

  @ParameterizedTest
  @ValueSource(strings = {"JWT", "jwt", "at+jwt", "AT+JWT", "application/at+jwt"})
  void acceptsEverySupportedType(String typ) {
    assertEquals("alice", verified(validToken().header("typ", typ)).identity().subject());
  }

  @Test
  void acceptsAnAccessTokenOfAmazonCognito() {
    var token =
        of(
            Map.of("kid", "rsa", "alg", "RS256"),
            Map.ofEntries(
                Map.entry("sub", "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee"),
                Map.entry("cognito:groups", List.of("tenants:admin", "staff of acme")),
                Map.entry("client_id", LocalOidcIssuer.AUDIENCE),
                Map.entry("origin_jti", "x"),
                Map.entry("event_id", "y"),
                Map.entry("token_use", "access"),
                Map.entry("scope", "orders-api/orders:read openid"),
                Map.entry("auth_time", fixture.clock.instant().getEpochSecond()),
                Map.entry("version", 2),
                Map.entry("username", "alice"),
                Map.entry("custom:tenant_id", "acme")));
    assertIdentity(
        "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee",
        Optional.empty(),
        Set.of("tenants:admin", "staff of acme", "orders-api/orders:read", "orders:read", "openid"),
        token);
  }

  @Test
  void acceptsAnIdTokenOfAmazonCognito() {
    var token =
        of(
            Map.of("kid", "rsa", "alg", "RS256"),
            Map.of(
                "sub", "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee",
                "aud", LocalOidcIssuer.AUDIENCE,
                "token_use", "id",
                "email_verified", true,
                "cognito:username", "alice",
                "cognito:groups", List.of("orders:read"),
                "custom:tenant_id", "acme",
                "custom:tenant_tier", "premium"));
    assertIdentity(
        "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee",
        Optional.of("premium"),
        Set.of("orders:read"),
        token);
  }

  @Test
  void acceptsAnAccessTokenOfKeycloak() {
    var token =
        of(
            Map.of("alg", "PS256", "typ", "JWT", "kid", "rsa"),
            Map.ofEntries(
                Map.entry("jti", "onrtac:1"),
                Map.entry("aud", List.of("orders-api", "account")),
                Map.entry("sub", "f:1:alice"),
                Map.entry("typ", "Bearer"),
                Map.entry("azp", "web"),
                Map.entry("sid", "s"),
                Map.entry("acr", "1"),
                Map.entry("realm_access", Map.of("roles", List.of("offline_access"))),
                Map.entry("resource_access", Map.of("account", Map.of("roles", List.of("x")))),
                Map.entry("scope", "profile orders:write email"),
                Map.entry("groups", List.of("/acme/buyers", "usage:read")),
                Map.entry("tenant_id", "acme")));
    assertIdentity(
        "f:1:alice",
        Optional.empty(),
        Set.of("profile", "orders:write", "email", "/acme/buyers", "usage:read"),
        token);
  }

  @Test
  void acceptsAnAccessTokenOfAuth0() {
    var token =
        of(
            Map.of("alg", "RS256", "typ", "at+jwt", "kid", "rsa"),
            Map.of(
                "sub", "auth0|5f7c8ec7c33c6c004bbafe82",
                "aud", List.of("orders-api", "https://example.eu.auth0.com/userinfo"),
                "azp", "web",
                "client_id", "web",
                "scope", "openid orders:read",
                "permissions", List.of("orders:write"),
                "org_id", "org_1",
                "tenant_id", "acme"));
    assertIdentity(
        "auth0|5f7c8ec7c33c6c004bbafe82", Optional.empty(), Set.of("openid", "orders:read"), token);
  }

  @Test
  void acceptsAnAccessTokenOfEntra() {
    var token =
        of(
            Map.of("typ", "JWT", "alg", "RS256", "x5t", "abc", "kid", "rsa"),
            Map.ofEntries(
                Map.entry("aud", "orders-api"),
                Map.entry("nbf", fixture.clock.instant().getEpochSecond()),
                Map.entry("aio", "z"),
                Map.entry("appid", "web"),
                Map.entry("oid", "1"),
                Map.entry("roles", List.of("usage:read")),
                Map.entry("scp", "orders:read api://orders-api/orders:write"),
                Map.entry("sub", "AAAAAAAAAAAAAAAAAAAAAIkzqFVrSaSaFHy782bbtaQ"),
                Map.entry("tid", "9188040d-6c67-4c5b-b112-36a304b66dad"),
                Map.entry("ver", "2.0"),
                Map.entry("tenant_id", "acme")));
    assertIdentity(
        "AAAAAAAAAAAAAAAAAAAAAIkzqFVrSaSaFHy782bbtaQ",
        Optional.empty(),
        Set.of("usage:read", "orders:read", "api://orders-api/orders:write", "orders:write"),
        token);
  }

  @Test
  void acceptsScopesAsAList() {
    var token =
        validToken().withoutClaim("scope").claim("scp", List.of("orders:read", "usage:read"));
    assertEquals(Set.of("orders:read", "usage:read"), scopes(token));
  }

  @Test
  void doesNotSplitGroupNames() {
    var token =
        validToken().withoutClaim("scope").claim("groups", "not orders:read").claim("roles", "a/b");
    assertEquals(Set.of("not orders:read", "a/b"), scopes(token));
  }

  @Test
  void acceptsAnOperatorsTokenWithScopesFromAnyClaim() {
    var token =
        fixture
            .operatorToken("tenants:read")
            .claim("scp", List.of("api://orders/usage:read"))
            .claim("cognito:groups", List.of("tenants:admin"))
            .claim("tenant_tier", "premium"); // an operator has no tier
    assertEquals(
        new Identity.Operator(
            "olga",
            Set.of("tenants:read", "api://orders/usage:read", "usage:read", "tenants:admin")),
        fixture.verify(token.signedBy(KeyPairs.OPERATORS)).identity());
  }

  @Test
  void acceptsATokenWithoutScopes() {
    assertEquals(Set.of(), scopes(validToken().withoutClaim("scope")));
  }

  @Test
  void acceptsRepeatedTenantAndTierClaimsThatAgree() {
    var token =
        validToken()
            .claim("custom:tenant_id", "acme")
            .claim("tenant_tier", "premium")
            .claim("custom:tenant_tier", "premium");
    assertEquals(
        new TenantUser(
            new TenantId("acme"),
            Optional.of("premium"),
            "alice",
            Set.of("orders:read", "orders:write"),
            fixture.origin()),
        verified(token).identity());
  }

  @Test
  void acceptsDatesWithFractionsAndExponents() {
    var now = fixture.clock.instant().getEpochSecond();
    var token = validToken().claim("exp", now + 60.5).claim("iat", now / 1e9 * 1e9);
    assertEquals((now + 60) * 1000 + 500 + Lifetime.LEEWAY, verified(token).lifetime().until());
  }

  @Test
  void acceptsTokensAtTheEdgesOfTheLeeway() {
    var now = fixture.clock.instant().getEpochSecond();
    verified(validToken().claim("iat", now - 600).claim("exp", now - 59));
    verified(validToken().claim("nbf", now + 60));
    verified(validToken().claim("iat", now + 60));
    verified(validToken().claim("iat", now).claim("exp", now + 86_400));
    verified(validToken().withoutClaim("iat").claim("exp", now + 86_400));
  }

  @Test
  void acceptsTokensAtTheLimits() {
    verified(validToken().claim("deep", nested(31)).claim("number", BigInteger.TEN.pow(99)));
    verified(validToken().claim("sub", "s".repeat(IdentityClaims.MAX_SUBJECT_LENGTH)));
    var empty = validToken().claim("filler", "").signedBy(KeyPairs.RSA).length();
    // Three bytes of a claim are four characters of a token.
    var filler = "x".repeat((CompactToken.MAX_LENGTH - empty) / 4 * 3);
    var token = validToken().claim("filler", filler).signedBy(KeyPairs.RSA);
    assertTrue(token.length() > CompactToken.MAX_LENGTH - 4);
    fixture.verify(token);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "ünï|cödé 😀", "line\nbreak", "\"quoted\""})
  void acceptsAnyCharacterInASubject(String subject) {
    assertEquals(subject, verified(validToken().claim("sub", subject)).identity().subject());
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "0", "a-", "a--b"})
  void acceptsUnusualTenantIds(String tenant) {
    var identity = verified(validToken().claim("tenant_id", tenant)).identity();
    assertEquals(tenant, assertInstanceOf(TenantUser.class, identity).tenant().value());
  }

  private static Object nested(int levels) {
    return levels == 1 ? List.of() : List.of(nested(levels - 1));
  }

  private static LocalToken validToken() {
    return fixture.token().header("kid", "rsa");
  }

  private static LocalToken of(Map<String, Object> header, Map<String, Object> claims) {
    var now = fixture.clock.instant().getEpochSecond();
    var allClaims = new HashMap<>(claims);
    allClaims.putAll(Map.of("iss", fixture.issuer.name(), "iat", now, "exp", now + 3600));
    return new LocalToken(new HashMap<>(header), allClaims);
  }

  private static VerifiedToken verified(LocalToken token) {
    return verified(token, KeyPairs.RSA);
  }

  /** Signs the token with the algorithm in its header and verifies it. */
  private static VerifiedToken verified(LocalToken token, LocalKey key) {
    return fixture.verify(token.header("kid", key.id()).signedBy(key));
  }

  private static Set<String> scopes(LocalToken token) {
    return verified(token).identity().scopes();
  }

  private static void assertIdentity(
      String user, Optional<String> tier, Set<String> scopes, LocalToken token) {
    assertEquals(
        new TenantUser(new TenantId("acme"), tier, user, scopes, fixture.origin()),
        verified(token).identity());
  }
}
