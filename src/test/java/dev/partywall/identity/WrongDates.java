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

/** Tokens that hold at no time, or not now, or for too long. */
final class WrongDates {
  private WrongDates() {}

  static void addTo(Forge forge) {
    types(forge);
    times(forge);
    lives(forge);
  }

  private static void types(Forge forge) {
    for (var claim : List.of("exp", "nbf", "iat")) {
      forge.claim(claim + " null", CLAIM_TYPE, claim, null);
      forge.claim(claim + " a text", CLAIM_TYPE, claim, String.valueOf(forge.now()));
      forge.claim(claim + " a date in words", CLAIM_TYPE, claim, Instant.EPOCH.toString());
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

  /** More than a double can hold, which JSON can say all the same. */
  private static void infinite(Forge forge, String claim) {
    var right = forge.right().claim(claim, 4711).claimsJson();
    forge.claimsText(claim + " 1e999", NOT_A_DATE, right.replace("4711", "1e999"));
  }

  private static void times(Forge forge) {
    var now = forge.now();
    forge.changed("no exp", NO_EXPIRY, token -> token.noClaim("exp"));
    forge.changed("exp 0", EXPIRED, token -> token.claim("iat", 0).claim("exp", 0));
    forge.changed(
        "a minute over", EXPIRED, token -> token.claim("iat", now - 90).claim("exp", now - 60));
    forge.changed(
        "a day over",
        EXPIRED,
        token -> token.claim("iat", now - 86_460).claim("exp", now - 86_400));
    forge.claim("from 61 s on", NOT_YET, "nbf", now + 61);
    forge.claim("from tomorrow on", NOT_YET, "nbf", now + 86_400);
    forge.claim("issued in 61 s", ISSUED_IN_FUTURE, "iat", now + 61);
    forge.changed(
        "issued tomorrow",
        ISSUED_IN_FUTURE,
        token -> token.claim("iat", now + 86_400).claim("exp", now + 90_000));
  }

  private static void lives(Forge forge) {
    var now = forge.now();
    forge.claim("a day and a second", LIVES_TOO_LONG, "exp", now + 86_401);
    forge.claim("ten years", LIVES_TOO_LONG, "exp", now + 315_360_000);
    forge.claim("until the year 9999", LIVES_TOO_LONG, "exp", 253_402_300_799L);
    forge.claim("issued in 1970", LIVES_TOO_LONG, "iat", 0);
    forge.changed(
        "more than a day from now on, and no iat",
        LIVES_TOO_LONG,
        token -> token.noClaim("iat").claim("exp", now + 86_401));
  }
}
