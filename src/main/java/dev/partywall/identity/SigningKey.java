package dev.partywall.identity;

import java.security.GeneralSecurityException;
import java.util.Set;

/**
 * One public key of an issuer.
 *
 * @param thumbprint of what it consists of (RFC 7638), so that it is known again after a refresh
 * @param algorithms that it may be used with
 */
record SigningKey(String id, String thumbprint, Set<String> algorithms, SignatureCheck check) {
  boolean fits(TokenHeader header) {
    return algorithms.contains(header.algorithm());
  }

  /** Whether the token bears its signature. */
  boolean signed(CompactToken token, TokenHeader header) {
    try {
      return check.holds(header.algorithm(), token);
    } catch (GeneralSecurityException e) {
      throw new RejectedToken(Rejection.SIGNATURE, e);
    }
  }

  /** Whether the other is this key, for the same uses. */
  boolean isSameAs(SigningKey other) {
    return thumbprint.equals(other.thumbprint) && algorithms.equals(other.algorithms);
  }
}
