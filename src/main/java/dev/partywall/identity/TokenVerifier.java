package dev.partywall.identity;

import dev.partywall.http.Principal;
import java.util.List;

/**
 * Verifies tokens. The order of the checks matters: no JSON is parsed before the encoding check,
 * and no claim except {@code iss} is read before the signature check. {@code iss} only selects one
 * of the trusted issuers.
 */
final class TokenVerifier {
  private final Trust policy;
  private final Issuers issuers;
  private final CallerClaims callers;

  TokenVerifier(Trust policy, Issuers issuers) {
    this.policy = policy;
    this.issuers = issuers;
    this.callers = new CallerClaims(policy);
  }

  /**
   * Returns the verified token.
   *
   * @param now in milliseconds since 1970
   * @throws RejectedToken if the token is invalid
   * @throws dev.partywall.http.Refused if the keys of the issuer are not yet available
   */
  VerifiedToken verify(String text, long now) {
    var token = CompactToken.parse(text);
    var header = TokenHeader.read(token.headerBytes());
    var claims = Claims.read(token.claimsBytes());
    var issuer = issuer(claims);
    var key = signer(token, header, issuer.with(header.keyId()));
    var lifetime = Lifetime.of(claims, now, policy.longestLife());
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
