package dev.partywall.operations.receipt;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.util.Base64URL;
import dev.partywall.identity.Ed25519;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.text.ParseException;

/** The private key that signs receipts. Thread-safe. */
public final class ReceiptKey {
  private final PublicReceiptKey publicKey;
  private final PrivateKey privateKey;

  private ReceiptKey(PublicReceiptKey publicKey, PrivateKey privateKey) {
    this.publicKey = publicKey;
    this.privateKey = privateKey;
  }

  /**
   * Reads a private Ed25519 JSON Web Key (RFC 8037, section 2).
   *
   * @throws IllegalArgumentException if the document is anything else; the message is the rule that
   *     it violates
   */
  public static ReceiptKey parse(byte[] document) {
    var pair = pair(document);
    if (!pair.isPrivate()) {
      throw new IllegalArgumentException("must contain a private key (the member d)");
    }
    try {
      var publicKey = PublicReceiptKey.of(pair);
      var key = new ReceiptKey(publicKey, Ed25519.privateKey(pair.getDecodedD()));
      key.requirePair();
      return key;
    } catch (GeneralSecurityException | JOSEException _) {
      throw new IllegalArgumentException("must contain an Ed25519 key pair");
    }
  }

  /** The messages never quote the document, because it may contain a private key. */
  private static OctetKeyPair pair(byte[] document) {
    JWK key;
    try {
      key = JWK.parse(new String(document, StandardCharsets.UTF_8));
    } catch (ParseException | RuntimeException _) {
      throw new IllegalArgumentException("must be a JSON Web Key");
    }
    if (key instanceof OctetKeyPair pair && pair.getCurve().equals(Curve.Ed25519)) {
      return pair;
    }
    throw new IllegalArgumentException("must be an Ed25519 key (kty OKP, crv Ed25519)");
  }

  /** No receipt would be verifiable if the two members belonged to different pairs. */
  private void requirePair() throws GeneralSecurityException {
    var message = "partywall".getBytes(StandardCharsets.US_ASCII);
    if (!publicKey.isValid(message, Ed25519.sign(privateKey, message))) {
      throw new IllegalArgumentException("must contain the public key of d as x");
    }
  }

  /** Returns the public part. */
  public PublicReceiptKey publicKey() {
    return publicKey;
  }

  /** Returns the compact serialization of the signed receipt (RFC 7515, section 7.1). */
  String sign(Receipt receipt) {
    var header =
        new JWSHeader.Builder(JWSAlgorithm.EdDSA)
            .type(new JOSEObjectType(Receipt.TYPE))
            .keyID(publicKey.id())
            .build();
    var input = header.toBase64URL() + "." + Base64URL.encode(ReceiptJson.write(receipt));
    try {
      var signature = Ed25519.sign(privateKey, input.getBytes(StandardCharsets.US_ASCII));
      return input + "." + Base64URL.encode(signature);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the receipt cannot be signed", e);
    }
  }
}
