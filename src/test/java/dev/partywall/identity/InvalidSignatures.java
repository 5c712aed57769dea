package dev.partywall.identity;

import static dev.partywall.error.TokenRejection.KEY_MISMATCH;
import static dev.partywall.error.TokenRejection.SIGNATURE;
import static dev.partywall.error.TokenRejection.UNKNOWN_KEY;

import dev.partywall.local.LocalKey;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.util.Arrays;
import java.util.function.UnaryOperator;

/** Tokens with valid content but without a valid signature of an issuer key. */
final class InvalidSignatures {
  private InvalidSignatures() {}

  static void addTo(TokenForge forge) {
    rsa(forge);
    ecdsa(forge);
    edwards(forge);
    swappedParts(forge);
    mismatches(forge);
    unfitKeys(forge);
  }

  private static void rsa(TokenForge forge) {
    var valid = forge.validToken();
    var rs256 = TokenForge.rs256(KeyPairs.RSA);
    forge.addWithSignature(
        "by another key", SIGNATURE, valid, TokenForge.rs256(KeyPairs.OTHER_RSA));
    forge.addWithSignature(
        "a flipped bit", SIGNATURE, valid, then(rs256, InvalidSignatures::flipped));
    forge.addWithSignature("truncated", SIGNATURE, valid, then(rs256, s -> Arrays.copyOf(s, 255)));
    forge.addWithSignature(
        "an extra byte", SIGNATURE, valid, then(rs256, s -> Arrays.copyOf(s, 257)));
    forge.addWithSignature("all zeros", SIGNATURE, valid, _ -> new byte[256]);
    forge.addWithSignature("a single zero byte", SIGNATURE, valid, _ -> new byte[1]);
    forge.addWithSignature("over another text", SIGNATURE, valid, _ -> rs256.apply(new byte[] {1}));
    forge.addWithSignature(
        "by SHA-512", SIGNATURE, valid, input -> KeyPairs.RSA.sign("RS512", input));
    forge.addWithSignature("by PSS", SIGNATURE, valid, input -> KeyPairs.RSA.sign("PS256", input));
    var pss = valid.header("alg", "PS256");
    forge.addWithSignature("by PKCS #1 with PSS in the header", SIGNATURE, pss, rs256);
  }

  private static void ecdsa(TokenForge forge) {
    var token = forge.validToken().header("alg", "ES256").header("kid", KeyPairs.P256.id());
    UnaryOperator<byte[]> es256 = input -> KeyPairs.P256.sign("ES256", input);
    forge.addWithSignature("ECDSA: r and s are zero", SIGNATURE, token, _ -> new byte[64]);
    forge.addWithSignature(
        "ECDSA: r is zero", SIGNATURE, token, then(es256, s -> overwritten(s, 0, 0)));
    forge.addWithSignature(
        "ECDSA: s is zero", SIGNATURE, token, then(es256, s -> overwritten(s, 32, 0)));
    forge.addWithSignature(
        "ECDSA: r is too large", SIGNATURE, token, then(es256, s -> overwritten(s, 0, -1)));
    forge.addWithSignature(
        "ECDSA: a flipped bit", SIGNATURE, token, then(es256, InvalidSignatures::flipped));
    forge.addWithSignature("ECDSA: in DER", SIGNATURE, token, InvalidSignatures::der);
    forge.addWithSignature(
        "ECDSA: truncated", SIGNATURE, token, then(es256, s -> Arrays.copyOf(s, 63)));
    forge.addWithSignature(
        "ECDSA: too long", SIGNATURE, token, then(es256, s -> Arrays.copyOf(s, 66)));
  }

  private static void edwards(TokenForge forge) {
    var token = forge.validToken().header("alg", "EdDSA").header("kid", KeyPairs.ED25519.id());
    UnaryOperator<byte[]> eddsa = input -> KeyPairs.ED25519.sign("EdDSA", input);
    forge.addWithSignature("Ed25519: zeros", SIGNATURE, token, _ -> new byte[64]);
    forge.addWithSignature(
        "Ed25519: a flipped bit", SIGNATURE, token, then(eddsa, InvalidSignatures::flipped));
    forge.addWithSignature(
        "Ed25519: truncated", SIGNATURE, token, then(eddsa, s -> Arrays.copyOf(s, 63)));
    forge.addWithSignature(
        "Ed25519: too long", SIGNATURE, token, then(eddsa, s -> Arrays.copyOf(s, 65)));
    forge.addWithSignature(
        "Ed25519: s plus the group order",
        SIGNATURE,
        token,
        then(eddsa, InvalidSignatures::plusGroupOrder));
  }

  private static void swappedParts(TokenForge forge) {
    var valid = TokenForge.signed(forge.validToken()).split("\\.", -1);
    var other = TokenForge.signed(forge.validToken().claim("tenant_id", "globex")).split("\\.", -1);
    forge.addText("another token's claims", SIGNATURE, valid[0] + "." + other[1] + "." + valid[2]);
    var header = TokenForge.base64(forge.validToken().header("typ", "JWT").headerJson());
    forge.addText("another token's header", SIGNATURE, header + "." + valid[1] + "." + valid[2]);
  }

  private static void mismatches(TokenForge forge) {
    mismatch(forge, "ES256", KeyPairs.RSA);
    mismatch(forge, "EdDSA", KeyPairs.RSA);
    mismatch(forge, "RS256", KeyPairs.P256);
    mismatch(forge, "ES384", KeyPairs.P256);
    mismatch(forge, "ES256", KeyPairs.P384);
    mismatch(forge, "ES256", KeyPairs.P521);
    mismatch(forge, "EdDSA", KeyPairs.P256);
    mismatch(forge, "PS512", KeyPairs.ED25519);
    mismatch(forge, "ES256", KeyPairs.ED25519);
    // This key is published only for RS256.
    var restricted = forge.validToken().header("alg", "PS256").header("kid", "rs256-only");
    forge.addWithSignature(
        "PS256 by a key for RS256",
        KEY_MISMATCH,
        restricted,
        input -> KeyPairs.RSA.sign("PS256", input));
  }

  private static void mismatch(TokenForge forge, String algorithm, LocalKey key) {
    var token = forge.validToken().header("alg", algorithm).header("kid", key.id());
    forge.addWithSignature(
        algorithm + " by the key " + key.id(),
        KEY_MISMATCH,
        token,
        input -> KeyPairs.of(algorithm).sign(algorithm, input));
  }

  private static void unfitKeys(TokenForge forge) {
    for (var unfit : UnfitKey.KEYS) {
      var token =
          forge.validToken().header("alg", unfit.algorithm()).header("kid", unfit.key().id());
      forge.addWithSignature(
          unfit.fault(), UNKNOWN_KEY, token, input -> unfit.key().sign(unfit.algorithm(), input));
    }
  }

  private static UnaryOperator<byte[]> then(
      UnaryOperator<byte[]> signer, UnaryOperator<byte[]> change) {
    return input -> change.apply(signer.apply(input));
  }

  private static byte[] flipped(byte[] signature) {
    var flipped = signature.clone();
    flipped[flipped.length / 2] ^= 1;
    return flipped;
  }

  private static byte[] overwritten(byte[] signature, int from, int value) {
    var overwritten = signature.clone();
    Arrays.fill(overwritten, from, from + 32, (byte) value);
    return overwritten;
  }

  private static byte[] der(byte[] input) {
    try {
      var signature = Signature.getInstance("SHA256withECDSA");
      signature.initSign(KeyPairs.P256.keyPair().getPrivate());
      signature.update(input);
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Adds the group order to s (RFC 8032, section 5.1.7): an equivalent s in a different encoding.
   */
  private static byte[] plusGroupOrder(byte[] signature) {
    var order =
        BigInteger.TWO.pow(252).add(new BigInteger("27742317777372353535851937790883648493"));
    var s = new BigInteger(1, reversed(Arrays.copyOfRange(signature, 32, 64))).add(order);
    var bytes = reversed(s.toByteArray());
    var changed = Arrays.copyOf(signature, 64);
    System.arraycopy(Arrays.copyOf(bytes, 32), 0, changed, 32, 32);
    return changed;
  }

  private static byte[] reversed(byte[] bytes) {
    var reversed = new byte[bytes.length];
    for (var i = 0; i < bytes.length; i++) {
      reversed[i] = bytes[bytes.length - 1 - i];
    }
    return reversed;
  }
}
