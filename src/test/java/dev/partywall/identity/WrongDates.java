package dev.partywall.identity;

import static dev.partywall.identity.Rejection.CLAIM_TYPE;
import static dev.partywall.identity.Rejection.EXPIRED;
import static dev.partywall.identity.Rejection.ISSUED_IN_FUTURE;
import static dev.partywall.identity.Rejection.LIVES_TOO_LONG;
import static dev.partywall.identity.Rejection.NOT_A_DATE;
import static dev.partywall.identity.Rejection.NOT_YET;
import static dev.partywall.identity.Rejection.NO_EXPIRY;

import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Tokens with invalid dates, outside their validity period, or with too long a lifetime. */
final class WrongDates {
  private WrongDates() {}

  static void addTo(Forge forge) {
    types(forge);
    validityPeriods(forge);
    lifetimes(forge);
  }

  private static void types(Forge forge) {
    for (var claim : List.of("exp", "nbf", "iat")) {
      forge.claim(claim + " null", CLAIM_TYPE, claim, null);
      forge.claim(claim + " as a string", CLAIM_TYPE, claim, String.valueOf(forge.now()));
      forge.claim(claim + " as an ISO 8601 string", CLAIM_TYPE, claim, Instant.EPOCH.toString());
      forge.claim(claim + " true", CLAIM_TYPE, claim, true);
      forge.claim(claim + " in a list", CLAIM_TYPE, claim, List.of(forge.now()));
      forge.claim(claim + " an object", CLAIM_TYPE, claim, Map.of());
      forge.claim(claim + " before 1970", NOT_A_DATE, claim, -1);
      forge.claim(claim + " 1e18", NOT_A_DATE, claim, 1e18);
      forge.claim(claim + " in milliseconds", NOT_A_DATE, claim, forge.now() * 1000);
      forge.claim(
          claim + " 2^64 + 1", NOT_A_DATE, claim, BigInteger.TWO.pow(64).add(BigInteger.ONE));
      infinite(forge, claim);
    }
  }

  /** Adds a number that is valid JSON but exceeds the range of a double. */
  private static void infinite(Forge forge, String claim) {
    var validClaims = forge.right().claim(claim, 4711).claimsJson();
    forge.claimsText(claim + " 1e999", NOT_A_DATE, validClaims.replace("4711", "1e999"));
  }

  private static void validityPeriods(Forge forge) {
    var now = forge.now();
    forge.changed("no exp", NO_EXPIRY, token -> token.noClaim("exp"));
    forge.changed("exp 0", EXPIRED, token -> token.claim("iat", 0).claim("exp", 0));
    forge.changed(
        "expired a minute ago",
        EXPIRED,
        token -> token.claim("iat", now - 90).claim("exp", now - 60));
    forge.changed(
        "expired a day ago",
        EXPIRED,
        token -> token.claim("iat", now - 86_460).claim("exp", now - 86_400));
    forge.claim("valid in 61 s", NOT_YET, "nbf", now + 61);
    forge.claim("valid tomorrow", NOT_YET, "nbf", now + 86_400);
    forge.claim("issued in 61 s", ISSUED_IN_FUTURE, "iat", now + 61);
    forge.changed(
        "issued tomorrow",
        ISSUED_IN_FUTURE,
        token -> token.claim("iat", now + 86_400).claim("exp", now + 90_000));
  }

  private static void lifetimes(Forge forge) {
    var now = forge.now();
    forge.claim("lifetime of a day and a second", LIVES_TOO_LONG, "exp", now + 86_401);
    forge.claim("lifetime of ten years", LIVES_TOO_LONG, "exp", now + 315_360_000);
    forge.claim("lifetime until the year 9999", LIVES_TOO_LONG, "exp", 253_402_300_799L);
    forge.claim("issued in 1970", LIVES_TOO_LONG, "iat", 0);
    forge.changed(
        "lifetime of more than a day without iat",
        LIVES_TOO_LONG,
        token -> token.noClaim("iat").claim("exp", now + 86_401));
  }
}
