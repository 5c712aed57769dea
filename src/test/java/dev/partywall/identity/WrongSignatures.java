package dev.partywall.identity;

import static dev.partywall.identity.Rejection.KEY_MISMATCH;
import static dev.partywall.identity.Rejection.SIGNATURE;
import static dev.partywall.identity.Rejection.UNKNOWN_KEY;

import dev.partywall.local.LocalKey;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.util.Arrays;
import java.util.function.UnaryOperator;

/** Tokens with valid content but without a valid signature of an issuer key. */
final class WrongSignatures {
  private WrongSignatures() {}

  static void addTo(Forge forge) {
    rsa(forge);
    ecdsa(forge);
    edwards(forge);
    swappedParts(forge);
    mismatches(forge);
    unfitKeys(forge);
  }

  private static void rsa(Forge forge) {
    var valid = forge.right();
    var rs256 = Forge.rs256(Pairs.RSA);
    forge.signature("by another key", SIGNATURE, valid, Forge.rs256(Pairs.OTHER_RSA));
    forge.signature("a flipped bit", SIGNATURE, valid, then(rs256, WrongSignatures::flipped));
    forge.signature("truncated", SIGNATURE, valid, then(rs256, s -> Arrays.copyOf(s, 255)));
    forge.signature("an extra byte", SIGNATURE, valid, then(rs256, s -> Arrays.copyOf(s, 257)));
    forge.signature("all zeros", SIGNATURE, valid, _ -> new byte[256]);
    forge.signature("a single zero byte", SIGNATURE, valid, _ -> new byte[1]);
    forge.signature("over another text", SIGNATURE, valid, _ -> rs256.apply(new byte[] {1}));
    forge.signature("by SHA-512", SIGNATURE, valid, input -> Pairs.RSA.sign("RS512", input));
    forge.signature("by PSS", SIGNATURE, valid, input -> Pairs.RSA.sign("PS256", input));
    var pss = valid.header("alg", "PS256");
    forge.signature("by PKCS #1 with PSS in the header", SIGNATURE, pss, rs256);
  }

  private static void ecdsa(Forge forge) {
    var token = forge.right().header("alg", "ES256").header("kid", Pairs.P256.id());
    UnaryOperator<byte[]> es256 = input -> Pairs.P256.sign("ES256", input);
    forge.signature("ECDSA: r and s are zero", SIGNATURE, token, _ -> new byte[64]);
    forge.signature("ECDSA: r is zero", SIGNATURE, token, then(es256, s -> overwritten(s, 0, 0)));
    forge.signature("ECDSA: s is zero", SIGNATURE, token, then(es256, s -> overwritten(s, 32, 0)));
    forge.signature(
        "ECDSA: r is too large", SIGNATURE, token, then(es256, s -> overwritten(s, 0, -1)));
    forge.signature(
        "ECDSA: a flipped bit", SIGNATURE, token, then(es256, WrongSignatures::flipped));
    forge.signature("ECDSA: in DER", SIGNATURE, token, WrongSignatures::der);
    forge.signature("ECDSA: truncated", SIGNATURE, token, then(es256, s -> Arrays.copyOf(s, 63)));
    forge.signature("ECDSA: too long", SIGNATURE, token, then(es256, s -> Arrays.copyOf(s, 66)));
  }

  private static void edwards(Forge forge) {
    var token = forge.right().header("alg", "EdDSA").header("kid", Pairs.ED25519.id());
    UnaryOperator<byte[]> eddsa = input -> Pairs.ED25519.sign("EdDSA", input);
    forge.signature("Ed25519: zeros", SIGNATURE, token, _ -> new byte[64]);
    forge.signature(
        "Ed25519: a flipped bit", SIGNATURE, token, then(eddsa, WrongSignatures::flipped));
    forge.signature("Ed25519: truncated", SIGNATURE, token, then(eddsa, s -> Arrays.copyOf(s, 63)));
    forge.signature("Ed25519: too long", SIGNATURE, token, then(eddsa, s -> Arrays.copyOf(s, 65)));
    forge.signature(
        "Ed25519: s plus the group order",
        SIGNATURE,
        token,
        then(eddsa, WrongSignatures::plusGroupOrder));
  }

  private static void swappedParts(Forge forge) {
    var valid = Forge.signed(forge.right()).split("\\.", -1);
    var other = Forge.signed(forge.right().claim("tenant_id", "globex")).split("\\.", -1);
    forge.text("another token's claims", SIGNATURE, valid[0] + "." + other[1] + "." + valid[2]);
    var header = Forge.base64(forge.right().header("typ", "JWT").headerJson());
    forge.text("another token's header", SIGNATURE, header + "." + valid[1] + "." + valid[2]);
  }

  private static void mismatches(Forge forge) {
    mismatch(forge, "ES256", Pairs.RSA);
    mismatch(forge, "EdDSA", Pairs.RSA);
    mismatch(forge, "RS256", Pairs.P256);
    mismatch(forge, "ES384", Pairs.P256);
    mismatch(forge, "ES256", Pairs.P384);
    mismatch(forge, "ES256", Pairs.P521);
    mismatch(forge, "EdDSA", Pairs.P256);
    mismatch(forge, "PS512", Pairs.ED25519);
    mismatch(forge, "ES256", Pairs.ED25519);
    // This key is published only for RS256.
    var restricted = forge.right().header("alg", "PS256").header("kid", "rs256-only");
    forge.signature(
        "PS256 by a key for RS256",
        KEY_MISMATCH,
        restricted,
        input -> Pairs.RSA.sign("PS256", input));
  }

  private static void mismatch(Forge forge, String algorithm, LocalKey key) {
    var token = forge.right().header("alg", algorithm).header("kid", key.id());
    forge.signature(
        algorithm + " by the key " + key.id(),
        KEY_MISMATCH,
        token,
        input -> Pairs.of(algorithm).sign(algorithm, input));
  }

  private static void unfitKeys(Forge forge) {
    for (var unfit : Unfit.KEYS) {
      var token = forge.right().header("alg", unfit.algorithm()).header("kid", unfit.key().id());
      forge.signature(
          unfit.why(), UNKNOWN_KEY, token, input -> unfit.key().sign(unfit.algorithm(), input));
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
      signature.initSign(Pairs.P256.pair().getPrivate());
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
