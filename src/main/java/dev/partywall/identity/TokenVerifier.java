package dev.partywall.identity;

import java.util.List;

/**
 * Verifies tokens. The order of the checks matters: no JSON is parsed before the encoding check,
 * and no claim except {@code iss} is read before the signature check. {@code iss} only selects one
 * of the trusted issuers.
 */
final class TokenVerifier {
  private final TokenPolicy policy;
  private final TrustedIssuers issuers;
  private final IdentityClaims identities;

  TokenVerifier(TokenPolicy policy, TrustedIssuers issuers) {
    this.policy = policy;
    this.issuers = issuers;
    this.identities = new IdentityClaims(policy);
  }

  /**
   * Returns the verified token.
   *
   * @param now in milliseconds since 1970
   * @throws TokenRejectedException if the token is invalid
   * @throws dev.partywall.error.ApiException if the keys of the issuer are not yet available
   */
  VerifiedToken verify(String text, long now) {
    var token = CompactToken.parse(text);
    var header = TokenHeader.read(token.headerBytes());
    var claims = Claims.read(token.claimsBytes());
    var issuer = issuer(claims);
    var key = signer(token, header, issuer.withId(header.keyId()));
    var lifetime = Lifetime.of(claims, now, policy.maxLifetime());
    var identity = identities.read(claims, issuer.issuer().callers());
    return new VerifiedToken(identity, lifetime, key, issuer);
  }

  private IssuerKeys issuer(Claims claims) {
    return claims
        .text("iss")
        .flatMap(issuers::keysOf)
        .orElseThrow(() -> new TokenRejectedException(TokenRejection.ISSUER));
  }

  private static VerificationKey signer(
      CompactToken token, TokenHeader header, List<VerificationKey> candidates) {
    if (candidates.isEmpty()) {
      throw new TokenRejectedException(TokenRejection.UNKNOWN_KEY);
    }
    var fitting = candidates.stream().filter(key -> key.supports(header)).toList();
    if (fitting.isEmpty()) {
      throw new TokenRejectedException(TokenRejection.KEY_MISMATCH);
    }
    return fitting.stream()
        .filter(key -> key.hasSigned(token, header))
        .findFirst()
        .orElseThrow(() -> new TokenRejectedException(TokenRejection.SIGNATURE));
  }
}
