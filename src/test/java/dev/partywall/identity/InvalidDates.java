package dev.partywall.identity;

import static dev.partywall.error.TokenRejection.CLAIM_TYPE;
import static dev.partywall.error.TokenRejection.EXPIRED;
import static dev.partywall.error.TokenRejection.ISSUED_IN_FUTURE;
import static dev.partywall.error.TokenRejection.LIFETIME_TOO_LONG;
import static dev.partywall.error.TokenRejection.NOT_A_DATE;
import static dev.partywall.error.TokenRejection.NOT_YET_VALID;
import static dev.partywall.error.TokenRejection.NO_EXPIRY;

import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Tokens with invalid dates, outside their validity period, or with too long a lifetime. */
final class InvalidDates {
  private InvalidDates() {}

  static void addTo(TokenForge forge) {
    types(forge);
    validityPeriods(forge);
    lifetimes(forge);
  }

  private static void types(TokenForge forge) {
    for (var claim : List.of("exp", "nbf", "iat")) {
      forge.addWithClaim(claim + " null", CLAIM_TYPE, claim, null);
      forge.addWithClaim(claim + " as a string", CLAIM_TYPE, claim, String.valueOf(forge.now()));
      forge.addWithClaim(
          claim + " as an ISO 8601 string", CLAIM_TYPE, claim, Instant.EPOCH.toString());
      forge.addWithClaim(claim + " true", CLAIM_TYPE, claim, true);
      forge.addWithClaim(claim + " in a list", CLAIM_TYPE, claim, List.of(forge.now()));
      forge.addWithClaim(claim + " an object", CLAIM_TYPE, claim, Map.of());
      forge.addWithClaim(claim + " before 1970", NOT_A_DATE, claim, -1);
      forge.addWithClaim(claim + " 1e18", NOT_A_DATE, claim, 1e18);
      forge.addWithClaim(claim + " in milliseconds", NOT_A_DATE, claim, forge.now() * 1000);
      forge.addWithClaim(
          claim + " 2^64 + 1", NOT_A_DATE, claim, BigInteger.TWO.pow(64).add(BigInteger.ONE));
      infinite(forge, claim);
    }
  }

  /** Adds a number that is valid JSON but exceeds the range of a double. */
  private static void infinite(TokenForge forge, String claim) {
    var validClaims = forge.validToken().claim(claim, 4711).claimsJson();
    forge.addWithClaimsText(claim + " 1e999", NOT_A_DATE, validClaims.replace("4711", "1e999"));
  }

  private static void validityPeriods(TokenForge forge) {
    var now = forge.now();
    forge.addChanged("no exp", NO_EXPIRY, token -> token.withoutClaim("exp"));
    forge.addChanged("exp 0", EXPIRED, token -> token.claim("iat", 0).claim("exp", 0));
    forge.addChanged(
        "expired a minute ago",
        EXPIRED,
        token -> token.claim("iat", now - 90).claim("exp", now - 60));
    forge.addChanged(
        "expired a day ago",
        EXPIRED,
        token -> token.claim("iat", now - 86_460).claim("exp", now - 86_400));
    forge.addWithClaim("valid in 61 s", NOT_YET_VALID, "nbf", now + 61);
    forge.addWithClaim("valid tomorrow", NOT_YET_VALID, "nbf", now + 86_400);
    forge.addWithClaim("issued in 61 s", ISSUED_IN_FUTURE, "iat", now + 61);
    forge.addChanged(
        "issued tomorrow",
        ISSUED_IN_FUTURE,
        token -> token.claim("iat", now + 86_400).claim("exp", now + 90_000));
  }

  private static void lifetimes(TokenForge forge) {
    var now = forge.now();
    forge.addWithClaim("lifetime of a day and a second", LIFETIME_TOO_LONG, "exp", now + 86_401);
    forge.addWithClaim("lifetime of ten years", LIFETIME_TOO_LONG, "exp", now + 315_360_000);
    forge.addWithClaim("lifetime until the year 9999", LIFETIME_TOO_LONG, "exp", 253_402_300_799L);
    forge.addWithClaim("issued in 1970", LIFETIME_TOO_LONG, "iat", 0);
    forge.addChanged(
        "lifetime of more than a day without iat",
        LIFETIME_TOO_LONG,
        token -> token.withoutClaim("iat").claim("exp", now + 86_401));
  }
}
