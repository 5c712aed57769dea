package dev.partywall.identity;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.util.Base64URL;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.util.Base64;

/** Verifies signatures with one public key. Thread-safe. */
@FunctionalInterface
interface SignatureCheck {
  /**
   * Returns whether the token's signature over its header and claims is valid for this key.
   *
   * @throws GeneralSecurityException if the check cannot be performed
   */
  boolean isValid(String algorithm, CompactToken token) throws GeneralSecurityException;

  /** Returns a check for RSA or ECDSA signatures, by Nimbus. */
  static SignatureCheck of(JWSVerifier verifier) {
    return (algorithm, token) -> {
      var header = new JWSHeader(JWSAlgorithm.parse(algorithm));
      try {
        return verifier.verify(header, token.signingInput(), new Base64URL(token.signature()));
      } catch (JOSEException e) {
        throw new GeneralSecurityException(e);
      }
    };
  }

  /** Returns a check for Ed25519 (RFC 8037), by the JDK. */
  static SignatureCheck ed25519(PublicKey key) {
    return (_, token) ->
        Ed25519.isValid(
            key, token.signingInput(), Base64.getUrlDecoder().decode(token.signature()));
  }
}
