package dev.partywall.identity;

import dev.partywall.local.LocalKey;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A published key that must not verify tokens, although its signatures are valid. */
record UnfitKey(String fault, String algorithm, LocalKey key, Map<String, Object> jwk) {
  /** One key for each fault. */
  static final List<UnfitKey> KEYS =
      List.of(
          rsa("a key with 1024 bits", LocalKey.rsa("weak", 1024), Map.of()),
          rsa("a key with 9216 bits", KeyPairs.RSA.withId("long"), Map.of("n", "_".repeat(1536))),
          rsa("a key for encryption", KeyPairs.RSA.withId("enc"), Map.of("use", "enc")),
          rsa("a key for another use", KeyPairs.RSA.withId("use"), Map.of("use", 1)),
          rsa(
              "a key for signing only",
              KeyPairs.RSA.withId("ops"),
              Map.of("key_ops", List.of("sign"))),
          rsa("key_ops as a word", KeyPairs.RSA.withId("ops2"), Map.of("key_ops", "verify")),
          rsa(
              "a key for another algorithm",
              KeyPairs.RSA.withId("oaep"),
              Map.of("alg", "RSA-OAEP")),
          rsa("a key for HMAC by its alg", KeyPairs.RSA.withId("hs"), Map.of("alg", "HS256")),
          rsa("a number for its algorithm", KeyPairs.RSA.withId("alg"), Map.of("alg", 256)),
          rsa("a private key", KeyPairs.RSA.withId("private"), Map.of("d", "AQAB")),
          rsa("a key that is also a secret", KeyPairs.RSA.withId("k"), Map.of("k", "AQAB")),
          rsa("an even exponent", KeyPairs.RSA.withId("even"), Map.of("e", "BA")),
          rsa("the exponent 1", KeyPairs.RSA.withId("one"), Map.of("e", "AQ")),
          rsa("no modulus", KeyPairs.RSA.withId("n"), Map.of("n", "")),
          rsa("an unknown type", KeyPairs.RSA.withId("kty"), Map.of("kty", "XYZ")),
          rsa("a symmetric key", KeyPairs.RSA.withId("oct"), Map.of("kty", "oct", "k", "AQAB")),
          new UnfitKey(
              "a point that is not on the curve",
              "ES256",
              KeyPairs.P256.withId("off"),
              changed(KeyPairs.P256.withId("off"), Map.of("y", TokenForge.base64(new byte[32])))),
          new UnfitKey(
              "a curve of another length",
              "ES256",
              KeyPairs.P256.withId("crv"),
              changed(KeyPairs.P256.withId("crv"), Map.of("crv", "P-384"))),
          new UnfitKey(
              "an unsupported curve",
              "ES256",
              KeyPairs.P256.withId("k256"),
              changed(KeyPairs.P256.withId("k256"), Map.of("crv", "secp256k1"))),
          edwards("Ed25519: 31 bytes", "short", Map.of("x", TokenForge.base64(new byte[31]))),
          edwards("Ed25519: 33 bytes", "long-x", Map.of("x", TokenForge.base64(oneByteTooMany()))),
          edwards(
              "Ed25519: not a point on the curve",
              "point",
              Map.of("x", TokenForge.base64(noPoint()))),
          edwards("X25519: a key for key agreement", "x25519", Map.of("crv", "X25519")),
          ed448());

  private static UnfitKey rsa(String why, LocalKey key, Map<String, Object> changes) {
    return new UnfitKey(why, "RS256", key, changed(key, changes));
  }

  private static UnfitKey edwards(String why, String id, Map<String, Object> changes) {
    var key = KeyPairs.ED25519.withId(id);
    return new UnfitKey(why, "EdDSA", key, changed(key, changes));
  }

  private static UnfitKey ed448() {
    var key = LocalKey.edwards("ed448", "Ed448");
    return new UnfitKey("an Ed448 key", "EdDSA", key, key.jwk());
  }

  private static Map<String, Object> changed(LocalKey key, Map<String, Object> changes) {
    var jwk = new LinkedHashMap<>(key.jwk());
    jwk.putAll(changes);
    return jwk;
  }

  /** Returns the bytes of the valid key with one extra byte. */
  private static byte[] oneByteTooMany() {
    var valid = Base64.getUrlDecoder().decode((String) KeyPairs.ED25519.jwk().get("x"));
    return Arrays.copyOf(valid, 33);
  }

  /** No point on the curve has y = 2. */
  private static byte[] noPoint() {
    var bytes = new byte[32];
    bytes[0] = 2;
    return bytes;
  }
}
