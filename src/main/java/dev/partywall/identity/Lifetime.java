package dev.partywall.identity;

import java.time.Duration;
import java.util.OptionalLong;

/**
 * When a token holds, in milliseconds since 1970.
 *
 * @param from the first moment
 * @param until the first moment at which it holds no more
 */
record Lifetime(long from, long until) {
  /** How far the issuer's clock may be off ours. */
  static final long LEEWAY = Duration.ofSeconds(60).toMillis();

  /**
   * Reads {@code exp}, {@code nbf} and {@code iat} (RFC 7519, section 4.1).
   *
   * @param longest the longest life that is taken, from {@code iat} on, or from now on where there
   *     is none
   * @throws RejectedToken when the token does not hold now, or lives too long
   */
  static Lifetime of(Claims claims, long now, Duration longest) {
    var expires = claims.date("exp");
    var notBefore = claims.date("nbf");
    var issued = claims.date("iat");
    if (expires.isEmpty()) {
      throw new RejectedToken(Rejection.NO_EXPIRY);
    }
    require(now < expires.getAsLong() + LEEWAY, Rejection.EXPIRED);
    require(isPast(notBefore, now), Rejection.NOT_YET);
    require(isPast(issued, now), Rejection.ISSUED_IN_FUTURE);
    var life = expires.getAsLong() - issued.orElse(now);
    require(life <= longest.toMillis(), Rejection.LIVES_TOO_LONG);
    var from = Math.max(notBefore.orElse(0), issued.orElse(0)) - LEEWAY;
    return new Lifetime(from, expires.getAsLong() + LEEWAY);
  }

  boolean holds(long now) {
    return from <= now && now < until;
  }

  private static boolean isPast(OptionalLong date, long now) {
    return date.orElse(now) - LEEWAY <= now;
  }

  private static void require(boolean holds, Rejection otherwise) {
    if (!holds) {
      throw new RejectedToken(otherwise);
    }
  }
}
