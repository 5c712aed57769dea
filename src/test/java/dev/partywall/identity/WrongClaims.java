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

/** Tokens that are signed as they should be, and say the wrong thing. */
final class WrongClaims {
  private static final List<String> TEXTS =
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
    var right = forge.right().claimsJson();
    forge.claimsText(
        "claims: two expiries",
        CLAIMS_NOT_JSON,
        "{\"exp\":" + (forge.now() + 60) + "," + right.substring(1));
  }

  private static void types(Forge forge) {
    for (var claim : TEXTS) {
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
    forge.claim("a stranger's iss", ISSUER, "iss", "https://evil.example");
    forge.claim("iss that begins like ours", ISSUER, "iss", name + ".evil.example");
    forge.claim("iss with ours as its user", ISSUER, "iss", name + "@evil.example");
    forge.claim(
        "iss by another name of the host", ISSUER, "iss", name.replace("127.0.0.1", "localhost"));
  }

  private static void audiences(Forge forge) {
    forge.changed("no aud and no client_id", AUDIENCE, token -> token.noClaim("client_id"));
    forge.claim("another client_id", AUDIENCE, "client_id", "another");
    forge.claim("an empty client_id", AUDIENCE, "client_id", "");
    forge.claim("another aud beside our client_id", AUDIENCE, "aud", "another");
    forge.claim("an empty list for aud", AUDIENCE, "aud", List.of());
    forge.claim("an empty aud", AUDIENCE, "aud", "");
    forge.claim("others in aud", AUDIENCE, "aud", List.of("a", "b"));
    forge.claim("an aud that begins like ours", AUDIENCE, "aud", LocalIssuer.AUDIENCE + "-2");
    forge.claim("an aud that ours begins like", AUDIENCE, "aud", "partywall");
    forge.claim("aud in capitals", AUDIENCE, "aud", "PARTYWALL-LOCAL");
    forge.claim("aud with ours among words", AUDIENCE, "aud", "x " + LocalIssuer.AUDIENCE);
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
    forge.claim("tenant with a look-alike letter", TENANT_FORM, "tenant_id", "\u0430cme");
    forge.claim("tenant with a digit of another script", TENANT_FORM, "tenant_id", "acme\u0661");
    forge.claim("two tenants", TENANTS_DISAGREE, "custom:tenant_id", "globex");
    forge.claim("two spellings of a tenant", TENANTS_DISAGREE, "custom:tenant_id", "Acme");
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
