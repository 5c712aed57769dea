package dev.partywall.identity;

import com.fasterxml.jackson.databind.JsonNode;
import dev.partywall.error.TokenRejection;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The trusted part of a token's header: it selects one of the issuer's keys and an algorithm. A
 * header must not contain a key, refer to one, or request an extension.
 */
record TokenHeader(String algorithm, String keyId) {
  /** The supported algorithms. The header selects one, which the key must support. */
  static final Set<String> ALGORITHMS =
      Set.of(
          "ES256",
          "ES384",
          "ES512",
          "RS256",
          "RS384",
          "RS512",
          "PS256",
          "PS384",
          "PS512",
          "EdDSA",
          // The fully specified name of the same algorithm (RFC 9864).
          "Ed25519");

  /** The maximum length of a key id, in characters. */
  static final int MAX_KEY_ID_LENGTH = 256;

  // Keys in the token (RFC 8725, section 3.10), extensions, and nested tokens.
  private static final List<String> FORBIDDEN =
      List.of("jwk", "jku", "x5u", "x5c", "crit", "b64", "zip", "cty", "enc");

  // Excludes tokens for other purposes, such as logout tokens (RFC 8725, section 3.11).
  private static final Set<String> TYPES = Set.of("jwt", "at+jwt", "application/at+jwt");

  /**
   * Reads a header (RFC 7515, section 4.1).
   *
   * @throws TokenRejectedException if the header is invalid
   */
  static TokenHeader read(byte[] utf8) {
    var json = TokenJson.parseObject(utf8, TokenRejection.HEADER_NOT_JSON);
    if (FORBIDDEN.stream().anyMatch(json::has)) {
      throw new TokenRejectedException(TokenRejection.FORBIDDEN_HEADER);
    }
    if (json.has("typ") && !isType(json.path("typ"))) {
      throw new TokenRejectedException(TokenRejection.TYPE);
    }
    return new TokenHeader(algorithm(json.path("alg")), keyId(json.path("kid")));
  }

  private static boolean isType(JsonNode typ) {
    return typ.isTextual() && TYPES.contains(typ.textValue().toLowerCase(Locale.ROOT));
  }

  private static String algorithm(JsonNode alg) {
    if (!alg.isTextual() || !ALGORITHMS.contains(alg.textValue())) {
      throw new TokenRejectedException(TokenRejection.ALGORITHM);
    }
    return alg.textValue();
  }

  private static String keyId(JsonNode kid) {
    if (!kid.isTextual()
        || kid.textValue().isEmpty()
        || kid.textValue().length() > MAX_KEY_ID_LENGTH) {
      throw new TokenRejectedException(TokenRejection.KEY_ID);
    }
    return kid.textValue();
  }
}
