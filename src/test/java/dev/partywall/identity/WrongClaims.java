package dev.partywall.identity;

import static dev.partywall.identity.Rejection.AUDIENCE;
import static dev.partywall.identity.Rejection.CLAIMS_NOT_JSON;
import static dev.partywall.identity.Rejection.CLAIM_TYPE;
import static dev.partywall.identity.Rejection.ISSUER;
import static dev.partywall.identity.Rejection.NO_TENANT;
import static dev.partywall.identity.Rejection.SUBJECT;
import static dev.partywall.identity.Rejection.TENANTS_DISAGREE;
import static dev.partywall.identity.Rejection.TENANT_FORM;
import static dev.partywall.identity.Rejection.TIERS_DISAGREE;
import static dev.partywall.identity.Rejection.TIER_FORM;
import static dev.partywall.identity.Rejection.TOKEN_USE;

import dev.partywall.local.LocalIssuer;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Tokens with a valid signature and invalid claims. */
final class WrongClaims {
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

  private WrongClaims() {}

  static void addTo(Forge forge) {
    json(forge);
    types(forge);
    issuers(forge);
    audiences(forge);
    subjects(forge);
    tenants(forge);
    tiers(forge);
  }

  private static void json(Forge forge) {
    WrongJson.of(forge.right().claimsJson(), "tenant_id")
        .forEach((name, bytes) -> forge.claimsBytes("claims: " + name, CLAIMS_NOT_JSON, bytes));
    var validClaims = forge.right().claimsJson();
    forge.claimsText(
        "claims: two expiries",
        CLAIMS_NOT_JSON,
        "{\"exp\":" + (forge.now() + 60) + "," + validClaims.substring(1));
  }

  private static void types(Forge forge) {
    for (var claim : STRING_CLAIMS) {
      forge.claim(claim + " null", CLAIM_TYPE, claim, null);
      forge.claim(claim + " 1", CLAIM_TYPE, claim, 1);
      forge.claim(claim + " true", CLAIM_TYPE, claim, true);
      forge.claim(claim + " in a list", CLAIM_TYPE, claim, List.of("acme"));
      forge.claim(claim + " in an object", CLAIM_TYPE, claim, Map.of("value", "acme"));
    }
    for (var claim : List.of("aud", "scp", "cognito:groups", "groups", "roles")) {
      forge.claim(claim + " null", CLAIM_TYPE, claim, null);
      forge.claim(claim + " 1", CLAIM_TYPE, claim, 1);
      forge.claim(claim + " an object", CLAIM_TYPE, claim, Map.of("orders:read", true));
      forge.claim(claim + " a list with 1", CLAIM_TYPE, claim, List.of(LocalIssuer.AUDIENCE, 1));
      forge.claim(
          claim + " a list in a list", CLAIM_TYPE, claim, List.of(List.of(LocalIssuer.AUDIENCE)));
    }
  }

  private static void issuers(Forge forge) {
    var name = forge.gatehouse.issuer.name();
    forge.changed("no iss", ISSUER, token -> token.noClaim("iss"));
    for (var iss : List.of("", name + "/", name + " ", name.toUpperCase(Locale.ROOT))) {
      forge.claim("iss '" + iss.replaceAll("\\d{4,}", "…") + "'", ISSUER, "iss", iss);
    }
    forge.claim("an unknown iss", ISSUER, "iss", "https://evil.example");
    forge.claim("iss with the trusted issuer as a prefix", ISSUER, "iss", name + ".evil.example");
    forge.claim("iss with the trusted issuer as its user", ISSUER, "iss", name + "@evil.example");
    forge.claim(
        "iss with another name for the host",
        ISSUER,
        "iss",
        name.replace("127.0.0.1", "localhost"));
  }

  private static void audiences(Forge forge) {
    forge.changed("no aud and no client_id", AUDIENCE, token -> token.noClaim("client_id"));
    forge.claim("another client_id", AUDIENCE, "client_id", "another");
    forge.claim("an empty client_id", AUDIENCE, "client_id", "");
    forge.claim("another aud with the expected client_id", AUDIENCE, "aud", "another");
    forge.claim("an empty aud list", AUDIENCE, "aud", List.of());
    forge.claim("an empty aud", AUDIENCE, "aud", "");
    forge.claim("other audiences in aud", AUDIENCE, "aud", List.of("a", "b"));
    forge.claim(
        "aud with the expected audience as a prefix", AUDIENCE, "aud", LocalIssuer.AUDIENCE + "-2");
    forge.claim("aud that is a prefix of the expected audience", AUDIENCE, "aud", "partywall");
    forge.claim("aud in capitals", AUDIENCE, "aud", "PARTYWALL-LOCAL");
    forge.claim(
        "aud with the expected audience after a space",
        AUDIENCE,
        "aud",
        "x " + LocalIssuer.AUDIENCE);
    forge.claim("a refresh token", TOKEN_USE, "token_use", "refresh");
    forge.claim("token_use in capitals", TOKEN_USE, "token_use", "ACCESS");
  }

  private static void subjects(Forge forge) {
    forge.changed("no sub", SUBJECT, token -> token.noClaim("sub"));
    forge.claim("an empty sub", SUBJECT, "sub", "");
    forge.claim("a sub of 1025 characters", SUBJECT, "sub", "s".repeat(1025));
  }

  private static void tenants(Forge forge) {
    forge.changed("no tenant", NO_TENANT, token -> token.noClaim("tenant_id"));
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
      forge.claim("tenant '" + tenant + "'", TENANT_FORM, "tenant_id", tenant);
    }
    forge.claim("tenant with a line feed", TENANT_FORM, "tenant_id", "acme\n");
    forge.claim("tenant with a NUL", TENANT_FORM, "tenant_id", "acme\0");
    forge.claim("tenant with a Cyrillic letter", TENANT_FORM, "tenant_id", "\u0430cme");
    forge.claim("tenant with a digit of another script", TENANT_FORM, "tenant_id", "acme\u0661");
    forge.claim("two tenants", TENANTS_DISAGREE, "custom:tenant_id", "globex");
    forge.claim("a tenant in two cases", TENANTS_DISAGREE, "custom:tenant_id", "Acme");
  }

  private static void tiers(Forge forge) {
    for (var tier : List.of("", " free", "free\n", "a/b", "*", "é", "t".repeat(64))) {
      forge.claim("tier '" + tier.replace('\n', '|') + "'", TIER_FORM, "tenant_tier", tier);
    }
    forge.changed(
        "two tiers",
        TIERS_DISAGREE,
        token -> token.claim("tenant_tier", "free").claim("custom:tenant_tier", "premium"));
  }
}
