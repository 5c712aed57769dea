package dev.partywall.identity;

import dev.partywall.http.Principal;
import java.util.List;

/**
 * Judges a token from its first letter to its last claim. The order is part of it: nothing is
 * parsed that has not passed the gate, and no claim but {@code iss} is read before the signature
 * holds. {@code iss} only chooses among issuers that are trusted anyway.
 */
final class TokenVerifier {
  private final Trust trust;
  private final Issuers issuers;
  private final CallerClaims callers;

  TokenVerifier(Trust trust, Issuers issuers) {
    this.trust = trust;
    this.issuers = issuers;
    this.callers = new CallerClaims(trust);
  }

  /**
   * What the token says.
   *
   * @param now in milliseconds since 1970
   * @throws RejectedToken when it does not hold
   * @throws dev.partywall.http.Refused when that can't be known yet
   */
  VerifiedToken verify(String text, long now) {
    var token = CompactToken.parse(text);
    var header = TokenHeader.read(token.headerBytes());
    var claims = Claims.read(token.claimsBytes());
    var issuer = issuer(claims);
    var key = signer(token, header, issuer.with(header.keyId()));
    var lifetime = Lifetime.of(claims, now, trust.longestLife());
    var caller = callers.read(claims);
    var principal = new Principal(caller.user(), Rights.of(claims));
    return new VerifiedToken(caller, principal, lifetime, key, issuer);
  }

  private IssuerKeys issuer(Claims claims) {
    return claims
        .text("iss")
        .flatMap(issuers::named)
        .orElseThrow(() -> new RejectedToken(Rejection.ISSUER));
  }

  private static SigningKey signer(
      CompactToken token, TokenHeader header, List<SigningKey> candidates) {
    if (candidates.isEmpty()) {
      throw new RejectedToken(Rejection.UNKNOWN_KEY);
    }
    var fitting = candidates.stream().filter(key -> key.fits(header)).toList();
    if (fitting.isEmpty()) {
      throw new RejectedToken(Rejection.KEY_MISMATCH);
    }
    return fitting.stream()
        .filter(key -> key.signed(token, header))
        .findFirst()
        .orElseThrow(() -> new RejectedToken(Rejection.SIGNATURE));
  }
}
