package dev.partywall.identity;

import dev.partywall.error.TokenRejection;
import java.security.GeneralSecurityException;
import java.util.Set;

/**
 * A public key of an issuer, which verifies the signatures of its tokens.
 *
 * @param thumbprint the JWK thumbprint (RFC 7638), which identifies the key across refreshes
 * @param algorithms the JWS algorithms (RFC 7518) that the key may be used with
 * @param check verifies a signature with the key
 */
record VerificationKey(String id, String thumbprint, Set<String> algorithms, SignatureCheck check) {
  boolean supports(TokenHeader header) {
    return algorithms.contains(header.algorithm());
  }

  /**
   * Returns whether the token is signed with this key's private key.
   *
   * @throws TokenRejectedException as {@link TokenRejection#SIGNATURE} if the signature cannot be
   *     checked
   */
  boolean hasSigned(CompactToken token, TokenHeader header) {
    try {
      return check.isValid(header.algorithm(), token);
    } catch (GeneralSecurityException e) {
      throw new TokenRejectedException(TokenRejection.SIGNATURE, e);
    }
  }

  /** Returns whether the other is the same key with the same algorithms. */
  boolean isSameAs(VerificationKey other) {
    return thumbprint.equals(other.thumbprint) && algorithms.equals(other.algorithms);
  }
}
