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
 * A key pair of an issuer. It signs by means of the JDK alone, so that what verifies the signatures
 * can't share its mistakes.
 */
public record LocalKey(String id, KeyPair pair) {
  private static final Base64.Encoder BASE64URL = Base64.getUrlEncoder().withoutPadding();

  /** A new RSA key of so many bits. */
  public static LocalKey rsa(String id, int bits) {
    return generate(id, "RSA", new RSAKeyGenParameterSpec(bits, RSAKeyGenParameterSpec.F4));
  }

  /** A new key on {@code secp256r1}, {@code secp384r1} or {@code secp521r1}. */
  public static LocalKey ec(String id, String curve) {
    return generate(id, "EC", new ECGenParameterSpec(curve));
  }

  /** A new Ed25519 or Ed448 key. */
  public static LocalKey edwards(String id, String curve) {
    return generate(id, curve, null);
  }

  /** This pair under another name. */
  public LocalKey named(String other) {
    return new LocalKey(other, pair);
  }

  /** The public part as a JSON Web Key (RFC 7517). */
  public Map<String, Object> jwk() {
    var jwk = new LinkedHashMap<String, Object>();
    jwk.put("kid", id);
    jwk.put("use", "sig");
    switch (pair.getPublic()) {
      case RSAPublicKey rsa -> {
        jwk.put("kty", "RSA");
        jwk.put("n", number(rsa.getModulus(), 0));
        jwk.put("e", number(rsa.getPublicExponent(), 0));
      }
      case ECPublicKey ec -> {
        var bits = ec.getParams().getCurve().getField().getFieldSize();
        jwk.put("kty", "EC");
        jwk.put("crv", "P-" + bits);
        jwk.put("x", number(ec.getW().getAffineX(), (bits + 7) / 8));
        jwk.put("y", number(ec.getW().getAffineY(), (bits + 7) / 8));
      }
      default -> {
        var encoded = pair.getPublic().getEncoded();
        var length =
            pair.getPublic().getAlgorithm().equals("Ed448") || encoded.length > 44 ? 57 : 32;
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

  /** Signs by that algorithm of RFC 7518 or RFC 8037. */
  public byte[] sign(String algorithm, byte[] input) {
    try {
      var signature = Signature.getInstance(jdkName(algorithm));
      if (algorithm.startsWith("PS")) {
        signature.setParameter(pss(algorithm.substring(2)));
      }
      signature.initSign(pair.getPrivate());
      signature.update(input);
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("this key can't sign by " + algorithm, e);
    }
  }

  private static String jdkName(String algorithm) {
    var bits = algorithm.substring(2);
    return switch (algorithm.substring(0, 2)) {
      case "RS" -> "SHA" + bits + "withRSA";
      case "PS" -> "RSASSA-PSS";
      case "ES" -> "SHA" + bits + "withECDSAinP1363Format";
      case "Ed" -> "EdDSA";
      default -> throw new IllegalArgumentException(algorithm);
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

  /** Unsigned and big-endian; filled up with zeros to {@code length} where that is given. */
  private static String number(BigInteger value, int length) {
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
