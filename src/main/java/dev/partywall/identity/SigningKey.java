package dev.partywall.identity;

import java.security.GeneralSecurityException;
import java.util.Set;

/**
 * A public key of an issuer.
 *
 * @param thumbprint the JWK thumbprint (RFC 7638), which identifies the key across refreshes
 * @param algorithms the algorithms that the key may be used with
 */
record SigningKey(String id, String thumbprint, Set<String> algorithms, SignatureCheck check) {
  boolean supports(TokenHeader header) {
    return algorithms.contains(header.algorithm());
  }

  /** Returns whether this key signed the token. */
  boolean hasSigned(CompactToken token, TokenHeader header) {
    try {
      return check.isValid(header.algorithm(), token);
    } catch (GeneralSecurityException e) {
      throw new TokenRejectedException(TokenRejection.SIGNATURE, e);
    }
  }

  /** Returns whether the other is the same key with the same algorithms. */
  boolean isSameAs(SigningKey other) {
    return thumbprint.equals(other.thumbprint) && algorithms.equals(other.algorithms);
  }
}
