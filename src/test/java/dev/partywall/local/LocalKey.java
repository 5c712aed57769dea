package dev.partywall.local;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.security.spec.RSAKeyGenParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A key pair of an issuer. Signing uses the JDK only, so the tested verifier and this class share
 * no code.
 */
public record LocalKey(String id, KeyPair keyPair) {
  private static final Base64.Encoder BASE64URL = Base64.getUrlEncoder().withoutPadding();

  /** Generates an RSA key of {@code bits} bits. */
  public static LocalKey rsa(String id, int bits) {
    return generate(id, "RSA", new RSAKeyGenParameterSpec(bits, RSAKeyGenParameterSpec.F4));
  }

  /** Generates a key on {@code secp256r1}, {@code secp384r1} or {@code secp521r1}. */
  public static LocalKey ec(String id, String curve) {
    return generate(id, "EC", new ECGenParameterSpec(curve));
  }

  /** Generates an Ed25519 or Ed448 key. */
  public static LocalKey edwards(String id, String curve) {
    return generate(id, curve, null);
  }

  /** Returns the same key pair with another key id. */
  public LocalKey withId(String other) {
    return new LocalKey(other, keyPair);
  }

  /** Returns the public key as a JSON Web Key (RFC 7517). */
  public Map<String, Object> jwk() {
    var jwk = new LinkedHashMap<String, Object>();
    jwk.put("kid", id);
    jwk.put("use", "sig");
    switch (keyPair.getPublic()) {
      case RSAPublicKey rsa -> {
        jwk.put("kty", "RSA");
        jwk.put("n", encode(rsa.getModulus(), 0));
        jwk.put("e", encode(rsa.getPublicExponent(), 0));
      }
      case ECPublicKey ec -> {
        var bits = ec.getParams().getCurve().getField().getFieldSize();
        jwk.put("kty", "EC");
        jwk.put("crv", "P-" + bits);
        jwk.put("x", encode(ec.getW().getAffineX(), (bits + 7) / 8));
        jwk.put("y", encode(ec.getW().getAffineY(), (bits + 7) / 8));
      }
      default -> {
        var encoded = keyPair.getPublic().getEncoded();
        var length =
            keyPair.getPublic().getAlgorithm().equals("Ed448") || encoded.length > 44 ? 57 : 32;
        jwk.put("kty", "OKP");
        jwk.put("crv", length == 32 ? "Ed25519" : "Ed448");
        jwk.put(
            "x",
            BASE64URL.encodeToString(
                Arrays.copyOfRange(encoded, encoded.length - length, encoded.length)));
      }
    }
    return jwk;
  }

  /** Signs with an algorithm of RFC 7518 or RFC 8037. */
  public byte[] sign(String algorithm, byte[] input) {
    try {
      var signature = Signature.getInstance(jdkName(algorithm));
      if (algorithm.startsWith("PS")) {
        signature.setParameter(pss(algorithm.substring(2)));
      }
      signature.initSign(keyPair.getPrivate());
      signature.update(input);
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("The key does not support the algorithm " + algorithm, e);
    }
  }

  private static String jdkName(String algorithm) {
    var bits = algorithm.substring(2);
    return switch (algorithm.substring(0, 2)) {
      case "RS" -> "SHA" + bits + "withRSA";
      case "PS" -> "RSASSA-PSS";
      case "ES" -> "SHA" + bits + "withECDSAinP1363Format";
      case "Ed" -> "EdDSA";
      default -> throw new IllegalArgumentException("Unknown algorithm " + algorithm);
    };
  }

  private static PSSParameterSpec pss(String bits) {
    return new PSSParameterSpec(
        "SHA-" + bits,
        "MGF1",
        new MGF1ParameterSpec("SHA-" + bits),
        Integer.parseInt(bits) / 8,
        PSSParameterSpec.TRAILER_FIELD_BC);
  }

  /**
   * Encodes an unsigned big-endian number, left-padded with zeros to at least {@code length} bytes.
   */
  private static String encode(BigInteger value, int length) {
    var bytes = value.toByteArray();
    var start = bytes[0] == 0 && bytes.length > 1 ? 1 : 0;
    var size = Math.max(length, bytes.length - start);
    var padded = new byte[size];
    System.arraycopy(bytes, start, padded, size - (bytes.length - start), bytes.length - start);
    return BASE64URL.encodeToString(padded);
  }

  private static LocalKey generate(
      String id, String algorithm, @Nullable AlgorithmParameterSpec parameters) {
    try {
      var generator = KeyPairGenerator.getInstance(algorithm);
      if (parameters != null) {
        generator.initialize(parameters);
      }
      return new LocalKey(id, generator.generateKeyPair());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
