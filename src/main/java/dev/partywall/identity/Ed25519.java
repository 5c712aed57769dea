package dev.partywall.identity;

import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.NamedParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.HexFormat;

/** Ed25519 signatures (RFC 8032) by the JDK: Nimbus would need another library. */
public final class Ed25519 {
  private static final String NAME = "Ed25519";
  private static final int KEY_BYTES = 32;

  // The start of an Ed25519 SubjectPublicKeyInfo (RFC 8410, section 4); the 32 bytes follow.
  private static final byte[] PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

  private Ed25519() {}

  /**
   * Converts the 32 bytes of a public key.
   *
   * @throws GeneralSecurityException if the bytes are no public key
   */
  public static PublicKey publicKey(byte[] bytes) throws GeneralSecurityException {
    var encoded = new ByteArrayOutputStream();
    encoded.writeBytes(PREFIX);
    encoded.writeBytes(bytes);
    var key =
        KeyFactory.getInstance(NAME).generatePublic(new X509EncodedKeySpec(encoded.toByteArray()));
    // Only this call checks that the bytes are a point on the curve.
    Signature.getInstance(NAME).initVerify(key);
    return key;
  }

  /**
   * Converts the 32 bytes of a private key.
   *
   * @throws GeneralSecurityException if the bytes are no private key
   */
  public static PrivateKey privateKey(byte[] bytes) throws GeneralSecurityException {
    if (bytes.length != KEY_BYTES) {
      throw new GeneralSecurityException("an Ed25519 key has 32 bytes");
    }
    return KeyFactory.getInstance(NAME)
        .generatePrivate(new EdECPrivateKeySpec(NamedParameterSpec.ED25519, bytes));
  }

  /**
   * Signs a message.
   *
   * @throws GeneralSecurityException if the key is no Ed25519 key
   */
  public static byte[] sign(PrivateKey key, byte[] message) throws GeneralSecurityException {
    var signature = Signature.getInstance(NAME);
    signature.initSign(key);
    signature.update(message);
    return signature.sign();
  }

  /**
   * Returns whether the signature of a message is valid. A malformed signature is not.
   *
   * @throws GeneralSecurityException if the check cannot be performed
   */
  public static boolean isValid(PublicKey key, byte[] message, byte[] signature)
      throws GeneralSecurityException {
    var check = Signature.getInstance(NAME);
    check.initVerify(key);
    check.update(message);
    try {
      return check.verify(signature);
    } catch (SignatureException e) {
      return false;
    }
  }
}
