package dev.partywall.bench.stub;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Arrays;
import java.util.Base64;

/**
 * A key pair of the issuer.
 *
 * @param algorithm the algorithm name of RFC 7518
 * @param scheme the JDK's signature algorithm
 */
record StubSigningKey(String id, String algorithm, String scheme, KeyPair keys) {
  /** The most common algorithm of issuers; a signature takes about 1 ms. */
  static StubSigningKey rs256() {
    return new StubSigningKey("bench-1", "RS256", "SHA256withRSA", pair("RSA", 2_048));
  }

  /** Faster signing, for tokens of very many tenants. */
  static StubSigningKey es256() {
    return new StubSigningKey("bench-2", "ES256", "SHA256withECDSAinP1363Format", pair("EC", 256));
  }

  /** Returns a compact JWS (RFC 7515) of the claims. */
  String sign(String claims) {
    var header = "{\"alg\":\"" + algorithm + "\",\"kid\":\"" + id + "\",\"typ\":\"JWT\"}";
    var signed = base64(header.getBytes(UTF_8)) + "." + base64(claims.getBytes(UTF_8));
    return signed + "." + base64(signature(signed));
  }

  /** Returns the public key as a JWK (RFC 7517). */
  String jwk() {
    var parameters =
        switch (keys.getPublic()) {
          case RSAPublicKey rsa ->
              "\"kty\":\"RSA\",\"n\":\"%s\",\"e\":\"%s\""
                  .formatted(number(rsa.getModulus(), 0), number(rsa.getPublicExponent(), 0));
          case ECPublicKey ec ->
              "\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"%s\",\"y\":\"%s\""
                  .formatted(
                      number(ec.getW().getAffineX(), 32), number(ec.getW().getAffineY(), 32));
          default -> throw new IllegalStateException(algorithm);
        };
    return "{\"use\":\"sig\",\"alg\":\"%s\",\"kid\":\"%s\",%s}"
        .formatted(algorithm, id, parameters);
  }

  private byte[] signature(String text) {
    try {
      var signature = Signature.getInstance(scheme);
      signature.initSign(keys.getPrivate());
      signature.update(text.getBytes(UTF_8));
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static KeyPair pair(String kind, int bits) {
    try {
      var generator = KeyPairGenerator.getInstance(kind);
      generator.initialize(bits);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Encodes the value as unsigned big-endian (RFC 7518, section 6.3.1), padded to the minimum
   * length.
   */
  private static String number(BigInteger value, int minBytes) {
    var bytes = value.toByteArray();
    var unsigned = bytes[0] == 0 ? Arrays.copyOfRange(bytes, 1, bytes.length) : bytes;
    var padded = new byte[Math.max(minBytes, unsigned.length)];
    System.arraycopy(unsigned, 0, padded, padded.length - unsigned.length, unsigned.length);
    return base64(padded);
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
