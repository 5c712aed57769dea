package dev.partywall.identity;

import dev.partywall.error.TokenRejection;
import java.time.Duration;
import java.util.OptionalLong;

/**
 * The validity period of a token, in milliseconds since 1970.
 *
 * @param from the start, inclusive
 * @param until the end, exclusive
 */
record Lifetime(long from, long until) {
  /** The tolerated clock skew of the issuer, in milliseconds. */
  static final long LEEWAY = Duration.ofSeconds(60).toMillis();

  /**
   * Reads {@code exp}, {@code nbf} and {@code iat} (RFC 7519, section 4.1).
   *
   * @param maxLifetime the maximum lifetime, counted from {@code iat}, or from now if absent
   * @throws TokenRejectedException if the token is not valid now, or its lifetime is too long
   */
  static Lifetime of(Claims claims, long now, Duration maxLifetime) {
    var expires = claims.date("exp");
    var notBefore = claims.date("nbf");
    var issued = claims.date("iat");
    if (expires.isEmpty()) {
      throw new TokenRejectedException(TokenRejection.NO_EXPIRY);
    }
    require(now < expires.getAsLong() + LEEWAY, TokenRejection.EXPIRED);
    require(isPast(notBefore, now), TokenRejection.NOT_YET_VALID);
    require(isPast(issued, now), TokenRejection.ISSUED_IN_FUTURE);
    var lifetime = expires.getAsLong() - issued.orElse(now);
    require(lifetime <= maxLifetime.toMillis(), TokenRejection.LIFETIME_TOO_LONG);
    var from = Math.max(notBefore.orElse(0), issued.orElse(0)) - LEEWAY;
    return new Lifetime(from, expires.getAsLong() + LEEWAY);
  }

  boolean isValidAt(long now) {
    return from <= now && now < until;
  }

  private static boolean isPast(OptionalLong date, long now) {
    return date.orElse(now) - LEEWAY <= now;
  }

  private static void require(boolean condition, TokenRejection rejection) {
    if (!condition) {
      throw new TokenRejectedException(rejection);
    }
  }
}
