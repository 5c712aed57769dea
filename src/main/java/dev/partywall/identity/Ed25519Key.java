package dev.partywall.identity;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.OctetKeyPair;
import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.HexFormat;

/** Converts the 32 bytes of an Ed25519 key to a JDK public key. */
final class Ed25519Key {
  // The start of a SubjectPublicKeyInfo (RFC 8410, section 4); the 32 bytes follow.
  private static final byte[] PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

  private Ed25519Key() {}

  static SignatureCheck check(OctetKeyPair pair)
      throws GeneralSecurityException, UnfitKeyException {
    if (!pair.getCurve().equals(Curve.Ed25519) || pair.getDecodedX().length != 32) {
      throw new UnfitKeyException("unsupported curve");
    }
    return SignatureCheck.ed25519(publicKey(pair.getDecodedX()));
  }

  private static PublicKey publicKey(byte[] bytes) throws GeneralSecurityException {
    var encoded = new ByteArrayOutputStream();
    encoded.writeBytes(PREFIX);
    encoded.writeBytes(bytes);
    var key =
        KeyFactory.getInstance("Ed25519")
            .generatePublic(new X509EncodedKeySpec(encoded.toByteArray()));
    // Only this call checks that the bytes are a point on the curve.
    Signature.getInstance("Ed25519").initVerify(key);
    return key;
  }
}
