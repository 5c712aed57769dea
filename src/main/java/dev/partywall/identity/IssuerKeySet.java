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
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A key set of an issuer (RFC 7517, section 5).
 *
 * @param byId the keys by key id; several keys may share an id, and each of them is tried
 * @param rejectionReasons why keys for signing were rejected; an unfit key does not affect the
 *     others
 */
record IssuerKeySet(Map<String, List<VerificationKey>> byId, List<String> rejectionReasons) {
  private static final Logger LOG = LoggerFactory.getLogger(IssuerKeySet.class);

  /**
   * Reads a key set.
   *
   * @throws IOException if the document is not a key set
   */
  static IssuerKeySet read(JsonNode set) throws IOException {
    if (!set.path("keys").isArray()) {
      throw new IssuerDocuments.UnexpectedDocumentException("the document is not a key set");
    }
    var byId = new HashMap<String, List<VerificationKey>>();
    var rejections = new ArrayList<String>();
    for (var entry : set.path("keys")) {
      if (isForAnotherUse(entry)) {
        LOG.debug("Ignored key with use {}", entry.path("use").textValue());
        continue;
      }
      try {
        var key = JwkReader.read(entry);
        byId.computeIfAbsent(key.id(), _ -> new ArrayList<>()).add(key);
      } catch (JwkReader.UnfitKeyException e) {
        rejections.add(e.getMessage());
      }
    }
    return new IssuerKeySet(Map.copyOf(byId), List.copyOf(rejections));
  }

  /** Returns whether the key has another use. Keycloak, for example, publishes encryption keys. */
  private static boolean isForAnotherUse(JsonNode entry) {
    return entry.path("use").isTextual() && !entry.path("use").textValue().equals("sig");
  }

  List<VerificationKey> withId(String id) {
    return byId.getOrDefault(id, List.of());
  }

  /** Returns whether this set contains the key, which may be from an earlier set. */
  boolean contains(VerificationKey key) {
    for (var candidate : withId(key.id())) {
      if (candidate.isSameAs(key)) {
        return true;
      }
    }
    return false;
  }

  /** Converts a JSON Web Key (RFC 7517, section 4) to a {@link VerificationKey}, or rejects it. */
  static final class JwkReader {
    private static final Set<String> RSA =
        Set.of("RS256", "RS384", "RS512", "PS256", "PS384", "PS512");
    private static final Set<String> ED25519 = Set.of("EdDSA", "Ed25519");
    private static final Map<Curve, Set<String>> CURVES =
        Map.of(
            Curve.P_256,
            Set.of("ES256"),
            Curve.P_384,
            Set.of("ES384"),
            Curve.P_521,
            Set.of("ES512"));

    // Members of private and symmetric keys (RFC 7518, sections 6.2.2, 6.3.2 and 6.4). Any reader
    // of a key set that contains them can sign tokens.
    private static final List<String> PRIVATE_MEMBERS =
        List.of("d", "p", "q", "dp", "dq", "qi", "oth", "k");

    private static final List<String> PUBLIC_MEMBERS = List.of("kty", "crv", "x", "y", "n", "e");

    /** Thrown for a key that must not verify tokens; the message contains the reason. */
    static final class UnfitKeyException extends Exception {
      private static final long serialVersionUID = 1L;

      UnfitKeyException(String message) {
        this(message, null);
      }

      UnfitKeyException(String message, @Nullable Throwable cause) {
        super(message, cause);
      }
    }

    private JwkReader() {}

    /**
     * Returns the key.
     *
     * @throws UnfitKeyException if the key must not verify tokens
     */
    static VerificationKey read(JsonNode entry) throws UnfitKeyException {
      var id = entry.path("kid").asText();
      require(entry.path("kid").isTextual() && !id.isEmpty(), "key has no kid");
      require(PRIVATE_MEMBERS.stream().noneMatch(entry::has), "key contains private members");
      require(!entry.has("use") || isSig(entry.path("use")), "key use is not sig");
      require(!entry.has("key_ops") || allowsVerify(entry.path("key_ops")), "key_ops lacks verify");
      try {
        return restricted(signingKey(id, JWK.parse(publicMembers(entry))), entry.path("alg"));
      } catch (ParseException | JOSEException | GeneralSecurityException | RuntimeException e) {
        // Nimbus throws unchecked exceptions for numbers that are out of range.
        throw new UnfitKeyException("malformed key", e);
      }
    }

    private static VerificationKey signingKey(String id, JWK jwk)
        throws JOSEException, GeneralSecurityException, UnfitKeyException {
      var thumbprint = jwk.computeThumbprint().toString();
      return switch (jwk) {
        case RSAKey rsa -> new VerificationKey(id, thumbprint, RSA, rsa(rsa));
        case ECKey ec -> new VerificationKey(id, thumbprint, algorithms(ec), ecdsa(ec));
        case OctetKeyPair pair -> new VerificationKey(id, thumbprint, ED25519, ed25519(pair));
        default -> throw new UnfitKeyException("unsupported key type");
      };
    }

    private static SignatureCheck rsa(RSAKey key) throws JOSEException, UnfitKeyException {
      var rsa = key.toRSAPublicKey();
      var bits = rsa.getModulus().bitLength();
      require(bits >= 2048, "RSA key has fewer than 2048 bits");
      // Longer keys make each verification too expensive.
      require(bits <= 8192, "RSA key has more than 8192 bits");
      var exponent = rsa.getPublicExponent();
      require(exponent.testBit(0) && exponent.bitLength() > 1, "invalid RSA exponent");
      return SignatureCheck.of(new RSASSAVerifier(rsa));
    }

    private static Set<String> algorithms(ECKey key) throws UnfitKeyException {
      var algorithms = CURVES.getOrDefault(key.getCurve(), Set.of());
      require(!algorithms.isEmpty(), "unsupported curve");
      return algorithms;
    }

    private static SignatureCheck ecdsa(ECKey key) throws JOSEException {
      return SignatureCheck.of(new ECDSAVerifier(key));
    }

    private static SignatureCheck ed25519(OctetKeyPair pair)
        throws GeneralSecurityException, UnfitKeyException {
      if (!pair.getCurve().equals(Curve.Ed25519) || pair.getDecodedX().length != 32) {
        throw new UnfitKeyException("unsupported curve");
      }
      return SignatureCheck.ed25519(Ed25519.publicKey(pair.getDecodedX()));
    }

    /** Restricts a key that names an algorithm to that algorithm. */
    private static VerificationKey restricted(VerificationKey key, JsonNode alg)
        throws UnfitKeyException {
      if (alg.isMissingNode()) {
        return key;
      }
      require(key.algorithms().contains(alg.asText()), "unsupported alg for the key type");
      return new VerificationKey(key.id(), key.thumbprint(), Set.of(alg.asText()), key.check());
    }

    private static Map<String, Object> publicMembers(JsonNode entry) {
      var members = new HashMap<String, Object>();
      for (var name : PUBLIC_MEMBERS) {
        if (entry.has(name)) {
          members.put(name, entry.path(name).asText());
        }
      }
      return members;
    }

    private static boolean isSig(JsonNode use) {
      return use.asText().equals("sig");
    }

    private static boolean allowsVerify(JsonNode operations) {
      return operations.isArray()
          && StreamSupport.stream(operations.spliterator(), false)
              .anyMatch(operation -> operation.asText().equals("verify"));
    }

    private static void require(boolean condition, String message) throws UnfitKeyException {
      if (!condition) {
        throw new UnfitKeyException(message);
      }
    }
  }
}
