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
 * A key pair of the issuer's, under its name in RFC 7518.
 *
 * @param scheme the JDK's name of the signature
 */
record SigningKey(String id, String algorithm, String scheme, KeyPair keys) {
  /** What most issuers sign with; a signature costs about a millisecond. */
  static SigningKey rs256() {
    return new SigningKey("bench-1", "RS256", "SHA256withRSA", pair("RSA", 2_048));
  }

  /** Quicker to sign with, where a token each for very many tenants is wanted. */
  static SigningKey es256() {
    return new SigningKey("bench-2", "ES256", "SHA256withECDSAinP1363Format", pair("EC", 256));
  }

  /** A compact JWS (RFC 7515) over these claims. */
  String sign(String claims) {
    var header = "{\"alg\":\"" + algorithm + "\",\"kid\":\"" + id + "\",\"typ\":\"JWT\"}";
    var signed = base64(header.getBytes(UTF_8)) + "." + base64(claims.getBytes(UTF_8));
    return signed + "." + base64(signature(signed));
  }

  /** Its public half (RFC 7517). */
  String jwk() {
    var form =
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
    return "{\"use\":\"sig\",\"alg\":\"%s\",\"kid\":\"%s\",%s}".formatted(algorithm, id, form);
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

  /** Unsigned, big-endian (RFC 7518, section 6.3.1), and of so many bytes at least. */
  private static String number(BigInteger value, int least) {
    var bytes = value.toByteArray();
    var bare = bytes[0] == 0 ? Arrays.copyOfRange(bytes, 1, bytes.length) : bytes;
    var padded = new byte[Math.max(least, bare.length)];
    System.arraycopy(bare, 0, padded, padded.length - bare.length, bare.length);
    return base64(padded);
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
