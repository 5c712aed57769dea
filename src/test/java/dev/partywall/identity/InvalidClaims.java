package dev.partywall.identity;

import static dev.partywall.error.TokenRejection.AUDIENCE;
import static dev.partywall.error.TokenRejection.CLAIMS_NOT_JSON;
import static dev.partywall.error.TokenRejection.CLAIM_TYPE;
import static dev.partywall.error.TokenRejection.CONFLICTING_TENANTS;
import static dev.partywall.error.TokenRejection.CONFLICTING_TIERS;
import static dev.partywall.error.TokenRejection.ISSUER;
import static dev.partywall.error.TokenRejection.MALFORMED_TENANT;
import static dev.partywall.error.TokenRejection.MALFORMED_TIER;
import static dev.partywall.error.TokenRejection.NO_TENANT;
import static dev.partywall.error.TokenRejection.OPERATOR_WITH_TENANT;
import static dev.partywall.error.TokenRejection.SUBJECT;
import static dev.partywall.error.TokenRejection.TOKEN_USE;

import dev.partywall.local.LocalOidcIssuer;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Tokens with a valid signature and invalid claims. */
final class InvalidClaims {
  private static final List<String> STRING_CLAIMS =
      List.of(
          "iss",
          "sub",
          "jti",
          "client_id",
          "token_use",
          "tenant_id",
          "custom:tenant_id",
          "tenant_tier",
          "custom:tenant_tier",
          "scope");

  private InvalidClaims() {}

  static void addTo(TokenForge forge) {
    json(forge);
    types(forge);
    issuers(forge);
    audiences(forge);
    subjects(forge);
    tenants(forge);
    tiers(forge);
    operators(forge);
  }

  private static void json(TokenForge forge) {
    InvalidJson.of(forge.validToken().claimsJson(), "tenant_id")
        .forEach(
            (name, bytes) -> forge.addWithClaimsBytes("claims: " + name, CLAIMS_NOT_JSON, bytes));
    var validClaims = forge.validToken().claimsJson();
    forge.addWithClaimsText(
        "claims: two expiries",
        CLAIMS_NOT_JSON,
        "{\"exp\":" + (forge.now() + 60) + "," + validClaims.substring(1));
  }

  private static void types(TokenForge forge) {
    for (var claim : STRING_CLAIMS) {
      forge.addWithClaim(claim + " null", CLAIM_TYPE, claim, null);
      forge.addWithClaim(claim + " 1", CLAIM_TYPE, claim, 1);
      forge.addWithClaim(claim + " true", CLAIM_TYPE, claim, true);
      forge.addWithClaim(claim + " in a list", CLAIM_TYPE, claim, List.of("acme"));
      forge.addWithClaim(claim + " in an object", CLAIM_TYPE, claim, Map.of("value", "acme"));
    }
    for (var claim : List.of("aud", "scp", "cognito:groups", "groups", "roles")) {
      forge.addWithClaim(claim + " null", CLAIM_TYPE, claim, null);
      forge.addWithClaim(claim + " 1", CLAIM_TYPE, claim, 1);
      forge.addWithClaim(claim + " an object", CLAIM_TYPE, claim, Map.of("orders:read", true));
      forge.addWithClaim(
          claim + " a list with 1", CLAIM_TYPE, claim, List.of(LocalOidcIssuer.AUDIENCE, 1));
      forge.addWithClaim(
          claim + " a list in a list",
          CLAIM_TYPE,
          claim,
          List.of(List.of(LocalOidcIssuer.AUDIENCE)));
    }
  }

  private static void issuers(TokenForge forge) {
    var name = forge.fixture.issuer.name();
    forge.addChanged("no iss", ISSUER, token -> token.withoutClaim("iss"));
    for (var iss : List.of("", name + "/", name + " ", name.toUpperCase(Locale.ROOT))) {
      forge.addWithClaim("iss '" + iss.replaceAll("\\d{4,}", "…") + "'", ISSUER, "iss", iss);
    }
    forge.addWithClaim("an unknown iss", ISSUER, "iss", "https://evil.example");
    forge.addWithClaim(
        "iss with the trusted issuer as a prefix", ISSUER, "iss", name + ".evil.example");
    forge.addWithClaim(
        "iss with the trusted issuer as its user", ISSUER, "iss", name + "@evil.example");
    forge.addWithClaim(
        "iss with another name for the host",
        ISSUER,
        "iss",
        name.replace("127.0.0.1", "localhost"));
  }

  private static void audiences(TokenForge forge) {
    forge.addChanged("no aud and no client_id", AUDIENCE, token -> token.withoutClaim("client_id"));
    forge.addWithClaim("another client_id", AUDIENCE, "client_id", "another");
    forge.addWithClaim("an empty client_id", AUDIENCE, "client_id", "");
    forge.addWithClaim("another aud with the expected client_id", AUDIENCE, "aud", "another");
    forge.addWithClaim("an empty aud list", AUDIENCE, "aud", List.of());
    forge.addWithClaim("an empty aud", AUDIENCE, "aud", "");
    forge.addWithClaim("other audiences in aud", AUDIENCE, "aud", List.of("a", "b"));
    forge.addWithClaim(
        "aud with the expected audience as a prefix",
        AUDIENCE,
        "aud",
        LocalOidcIssuer.AUDIENCE + "-2");
    forge.addWithClaim(
        "aud that is a prefix of the expected audience", AUDIENCE, "aud", "partywall");
    forge.addWithClaim("aud in capitals", AUDIENCE, "aud", "PARTYWALL-LOCAL");
    forge.addWithClaim(
        "aud with the expected audience after a space",
        AUDIENCE,
        "aud",
        "x " + LocalOidcIssuer.AUDIENCE);
    forge.addWithClaim("a refresh token", TOKEN_USE, "token_use", "refresh");
    forge.addWithClaim("token_use in capitals", TOKEN_USE, "token_use", "ACCESS");
  }

  private static void subjects(TokenForge forge) {
    forge.addChanged("no sub", SUBJECT, token -> token.withoutClaim("sub"));
    forge.addWithClaim("an empty sub", SUBJECT, "sub", "");
    forge.addWithClaim("a sub of 1025 characters", SUBJECT, "sub", "s".repeat(1025));
  }

  private static void tenants(TokenForge forge) {
    forge.addChanged("no tenant", NO_TENANT, token -> token.withoutClaim("tenant_id"));
    for (var tenant :
        List.of(
            "",
            "ACME",
            "-acme",
            "acme.",
            "acme/1",
            "acme#1",
            "acme*",
            "*",
            "?",
            "${tenant}",
            "acme globex",
            " acme",
            "acme,globex",
            "acme_1",
            "a".repeat(64))) {
      forge.addWithClaim("tenant '" + tenant + "'", MALFORMED_TENANT, "tenant_id", tenant);
    }
    forge.addWithClaim("tenant with a line feed", MALFORMED_TENANT, "tenant_id", "acme\n");
    forge.addWithClaim("tenant with a NUL", MALFORMED_TENANT, "tenant_id", "acme\0");
    forge.addWithClaim("tenant with a Cyrillic letter", MALFORMED_TENANT, "tenant_id", "\u0430cme");
    forge.addWithClaim(
        "tenant with a digit of another script", MALFORMED_TENANT, "tenant_id", "acme\u0661");
    forge.addWithClaim("two tenants", CONFLICTING_TENANTS, "custom:tenant_id", "globex");
    forge.addWithClaim("a tenant in two cases", CONFLICTING_TENANTS, "custom:tenant_id", "Acme");
  }

  private static void tiers(TokenForge forge) {
    for (var tier : List.of("", " free", "free\n", "a/b", "*", "é", "t".repeat(64))) {
      forge.addWithClaim(
          "tier '" + tier.replace('\n', '|') + "'", MALFORMED_TIER, "tenant_tier", tier);
    }
    forge.addChanged(
        "two tiers",
        CONFLICTING_TIERS,
        token -> token.claim("tenant_tier", "free").claim("custom:tenant_tier", "premium"));
  }

  private static void operators(TokenForge forge) {
    for (var claim : List.of("tenant_id", "custom:tenant_id")) {
      for (var value : new @Nullable Object[] {"acme", "", "*", 1, null, List.of("acme")}) {
        forge.addOperators(
            "an operator with %s %s".formatted(claim, value),
            OPERATOR_WITH_TENANT,
            token -> token.claim(claim, value));
      }
    }
    forge.addOperators(
        "an operator with the audience of tenants",
        AUDIENCE,
        token -> token.claim("client_id", LocalOidcIssuer.AUDIENCE));
    forge.addOperators(
        "an operator without an audience", AUDIENCE, token -> token.withoutClaim("client_id"));
    forge.addOperators("an operator without sub", SUBJECT, token -> token.withoutClaim("sub"));
    forge.addOperators("an operator's scope 1", CLAIM_TYPE, token -> token.claim("scope", 1));
    forge.addWithClaim(
        "a tenant's user with the audience of operators",
        AUDIENCE,
        "client_id",
        AuthenticationFixture.OPERATOR_AUDIENCE);
    forge.addChanged(
        "an operator's claims from the issuer of tenants",
        NO_TENANT,
        token -> token.withoutClaim("tenant_id").claim("scope", "tenants:read tenants:admin"));
  }
}
