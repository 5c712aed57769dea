package dev.partywall.operations.receipt;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetKeyPair;
import dev.partywall.identity.Ed25519;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.text.ParseException;
import java.util.Optional;

/**
 * A public key that verifies receipts.
 *
 * @param id the JWK thumbprint (RFC 7638), whichever id a document states
 * @param jwk the JSON Web Key, without private members
 */
public record PublicReceiptKey(String id, String jwk, PublicKey key) {
  /** Returns the public part of a key pair. */
  static PublicReceiptKey of(OctetKeyPair pair) throws GeneralSecurityException, JOSEException {
    var id = pair.computeThumbprint().toString();
    var jwk =
        new OctetKeyPair.Builder(Curve.Ed25519, pair.getX())
            .keyUse(KeyUse.SIGNATURE)
            .algorithm(JWSAlgorithm.EdDSA)
            .keyID(id)
            .build();
    return new PublicReceiptKey(id, jwk.toJSONString(), Ed25519.publicKey(pair.getDecodedX()));
  }

  /** Reads a JSON Web Key; empty if it is no Ed25519 key. Ignores a private member. */
  static Optional<PublicReceiptKey> parse(String jwk) {
    try {
      return JWK.parse(jwk) instanceof OctetKeyPair pair && pair.getCurve().equals(Curve.Ed25519)
          ? Optional.of(of(pair))
          : Optional.empty();
    } catch (ParseException | JOSEException | GeneralSecurityException | RuntimeException _) {
      return Optional.empty(); // Nimbus throws unchecked exceptions for some malformed keys
    }
  }

  /**
   * Returns whether the signature of a message is valid.
   *
   * @throws GeneralSecurityException if the check cannot be performed
   */
  boolean isValid(byte[] message, byte[] signature) throws GeneralSecurityException {
    return Ed25519.isValid(key, message, signature);
  }
}
