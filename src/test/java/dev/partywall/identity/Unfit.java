package dev.partywall.identity;

import dev.partywall.local.LocalKey;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A published key that must not verify tokens, although its signatures are valid. */
record Unfit(String why, String algorithm, LocalKey key, Map<String, Object> jwk) {
  /** One key for each fault. */
  static final List<Unfit> KEYS =
      List.of(
          rsa("a key with 1024 bits", LocalKey.rsa("weak", 1024), Map.of()),
          rsa("a key with 9216 bits", Pairs.RSA.named("long"), Map.of("n", "_".repeat(1536))),
          rsa("a key for encryption", Pairs.RSA.named("enc"), Map.of("use", "enc")),
          rsa("a key for another use", Pairs.RSA.named("use"), Map.of("use", 1)),
          rsa("a key for signing only", Pairs.RSA.named("ops"), Map.of("key_ops", List.of("sign"))),
          rsa("key_ops as a word", Pairs.RSA.named("ops2"), Map.of("key_ops", "verify")),
          rsa("a key for another algorithm", Pairs.RSA.named("oaep"), Map.of("alg", "RSA-OAEP")),
          rsa("a key for HMAC by its alg", Pairs.RSA.named("hs"), Map.of("alg", "HS256")),
          rsa("a number for its algorithm", Pairs.RSA.named("alg"), Map.of("alg", 256)),
          rsa("a private key", Pairs.RSA.named("private"), Map.of("d", "AQAB")),
          rsa("a key that is also a secret", Pairs.RSA.named("k"), Map.of("k", "AQAB")),
          rsa("an even exponent", Pairs.RSA.named("even"), Map.of("e", "BA")),
          rsa("the exponent 1", Pairs.RSA.named("one"), Map.of("e", "AQ")),
          rsa("no modulus", Pairs.RSA.named("n"), Map.of("n", "")),
          rsa("an unknown type", Pairs.RSA.named("kty"), Map.of("kty", "XYZ")),
          rsa("a symmetric key", Pairs.RSA.named("oct"), Map.of("kty", "oct", "k", "AQAB")),
          new Unfit(
              "a point that is not on the curve",
              "ES256",
              Pairs.P256.named("off"),
              changed(Pairs.P256.named("off"), Map.of("y", Forge.base64(new byte[32])))),
          new Unfit(
              "a curve of another length",
              "ES256",
              Pairs.P256.named("crv"),
              changed(Pairs.P256.named("crv"), Map.of("crv", "P-384"))),
          new Unfit(
              "an unsupported curve",
              "ES256",
              Pairs.P256.named("k256"),
              changed(Pairs.P256.named("k256"), Map.of("crv", "secp256k1"))),
          edwards("Ed25519: 31 bytes", "short", Map.of("x", Forge.base64(new byte[31]))),
          edwards("Ed25519: 33 bytes", "long-x", Map.of("x", Forge.base64(oneByteTooMany()))),
          edwards(
              "Ed25519: not a point on the curve", "point", Map.of("x", Forge.base64(noPoint()))),
          edwards("X25519: a key for key agreement", "x25519", Map.of("crv", "X25519")),
          ed448());

  private static Unfit rsa(String why, LocalKey key, Map<String, Object> changes) {
    return new Unfit(why, "RS256", key, changed(key, changes));
  }

  private static Unfit edwards(String why, String id, Map<String, Object> changes) {
    var key = Pairs.ED25519.named(id);
    return new Unfit(why, "EdDSA", key, changed(key, changes));
  }

  private static Unfit ed448() {
    var key = LocalKey.edwards("ed448", "Ed448");
    return new Unfit("an Ed448 key", "EdDSA", key, key.jwk());
  }

  private static Map<String, Object> changed(LocalKey key, Map<String, Object> changes) {
    var jwk = new LinkedHashMap<>(key.jwk());
    jwk.putAll(changes);
    return jwk;
  }

  /** Returns the bytes of the valid key with one extra byte. */
  private static byte[] oneByteTooMany() {
    var valid = Base64.getUrlDecoder().decode((String) Pairs.ED25519.jwk().get("x"));
    return Arrays.copyOf(valid, 33);
  }

  /** No point on the curve has y = 2. */
  private static byte[] noPoint() {
    var bytes = new byte[32];
    bytes[0] = 2;
    return bytes;
  }
}
