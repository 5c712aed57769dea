package dev.partywall.identity;

import com.fasterxml.jackson.databind.JsonNode;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import java.security.GeneralSecurityException;
import java.text.ParseException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.StreamSupport;

/** Makes a {@link SigningKey} of a JSON Web Key (RFC 7517, section 4) that is fit for it. */
final class JwkReader {
  private static final Set<String> RSA =
      Set.of("RS256", "RS384", "RS512", "PS256", "PS384", "PS512");
  private static final Set<String> ED25519 = Set.of("EdDSA", "Ed25519");
  private static final Map<Curve, Set<String>> CURVES =
      Map.of(
          Curve.P_256, Set.of("ES256"), Curve.P_384, Set.of("ES384"), Curve.P_521, Set.of("ES512"));

  // Whoever reads such a set could sign with it (RFC 7518, sections 6.2.2, 6.3.2 and 6.4).
  private static final List<String> SECRETS = List.of("d", "p", "q", "dp", "dq", "qi", "oth", "k");

  private static final List<String> MATERIAL = List.of("kty", "crv", "x", "y", "n", "e");

  private JwkReader() {}

  /**
   * Reads a key.
   *
   * @throws UnfitKeyException when it may not verify tokens
   */
  static SigningKey read(JsonNode entry) throws UnfitKeyException {
    var id = entry.path("kid").asText();
    require(entry.path("kid").isTextual() && !id.isEmpty(), "a key has no kid");
    require(SECRETS.stream().noneMatch(entry::has), "a key holds more than its public part");
    require(!entry.has("use") || isSig(entry.path("use")), "a key is not for signatures");
    require(!entry.has("key_ops") || lists(entry.path("key_ops")), "a key is not for verifying");
    try {
      return narrowed(made(id, JWK.parse(material(entry))), entry.path("alg"));
    } catch (ParseException | JOSEException | GeneralSecurityException | RuntimeException e) {
      // The library also throws unchecked where a number is out of its range.
      throw new UnfitKeyException("a key is malformed", e);
    }
  }

  private static SigningKey made(String id, JWK jwk)
      throws JOSEException, GeneralSecurityException, UnfitKeyException {
    var thumbprint = jwk.computeThumbprint().toString();
    return switch (jwk) {
      case RSAKey rsa -> new SigningKey(id, thumbprint, RSA, rsa(rsa));
      case ECKey ec -> new SigningKey(id, thumbprint, algorithms(ec), ecdsa(ec));
      case OctetKeyPair pair -> new SigningKey(id, thumbprint, ED25519, Ed25519Key.check(pair));
      default -> throw new UnfitKeyException("a key is of a type that is not taken");
    };
  }

  private static SignatureCheck rsa(RSAKey key) throws JOSEException, UnfitKeyException {
    var rsa = key.toRSAPublicKey();
    var bits = rsa.getModulus().bitLength();
    require(bits >= 2048, "an RSA key has less than 2048 bits");
    // A longer one would make each verification a burden.
    require(bits <= 8192, "an RSA key has more than 8192 bits");
    var exponent = rsa.getPublicExponent();
    require(exponent.testBit(0) && exponent.bitLength() > 1, "an RSA key's exponent is no good");
    return SignatureCheck.with(new RSASSAVerifier(rsa));
  }

  private static Set<String> algorithms(ECKey key) throws UnfitKeyException {
    var algorithms = CURVES.getOrDefault(key.getCurve(), Set.of());
    require(!algorithms.isEmpty(), "a key's curve is not taken");
    return algorithms;
  }

  private static SignatureCheck ecdsa(ECKey key) throws JOSEException {
    return SignatureCheck.with(new ECDSAVerifier(key));
  }

  /** A key that names its algorithm is good for that one alone. */
  private static SigningKey narrowed(SigningKey key, JsonNode alg) throws UnfitKeyException {
    if (alg.isMissingNode()) {
      return key;
    }
    require(key.algorithms().contains(alg.asText()), "a key's alg is not its type's, or not taken");
    return new SigningKey(key.id(), key.thumbprint(), Set.of(alg.asText()), key.check());
  }

  private static Map<String, Object> material(JsonNode entry) {
    var material = new HashMap<String, Object>();
    for (var name : MATERIAL) {
      if (entry.has(name)) {
        material.put(name, entry.path(name).asText());
      }
    }
    return material;
  }

  private static boolean isSig(JsonNode use) {
    return use.asText().equals("sig");
  }

  private static boolean lists(JsonNode operations) {
    return operations.isArray()
        && StreamSupport.stream(operations.spliterator(), false)
            .anyMatch(operation -> operation.asText().equals("verify"));
  }

  private static void require(boolean holds, String otherwise) throws UnfitKeyException {
    if (!holds) {
      throw new UnfitKeyException(otherwise);
    }
  }
}
