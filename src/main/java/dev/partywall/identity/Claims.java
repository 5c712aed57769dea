package dev.partywall.identity;

import com.fasterxml.jackson.databind.JsonNode;
import dev.partywall.error.TokenRejection;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The claims of a token, read without coercion. A claim of the wrong type causes rejection. {@code
 * null} is a wrong type, unlike an absent claim.
 */
final class Claims {
  /** The end of the year 9999, in seconds. Later dates are rejected. */
  private static final double LAST_SECOND = 253_402_300_799d;

  private final JsonNode json;

  private Claims(JsonNode json) {
    this.json = json;
  }

  static Claims read(byte[] utf8) {
    return new Claims(TokenJson.parseObject(utf8, TokenRejection.CLAIMS_NOT_JSON));
  }

  boolean has(String name) {
    return json.has(name);
  }

  /** Returns a string claim, or empty if it is absent. */
  Optional<String> text(String name) {
    return has(name) ? Optional.of(textOf(json.path(name))) : Optional.empty();
  }

  /** Returns a claim that is a string or an array of strings; an empty list if it is absent. */
  List<String> texts(String name) {
    var claim = json.path(name);
    if (!claim.isArray()) {
      return text(name).map(List::of).orElse(List.of());
    }
    var texts = new ArrayList<String>(claim.size());
    claim.forEach(element -> texts.add(textOf(element)));
    return texts;
  }

  /**
   * Returns a NumericDate (RFC 7519, section 2) in milliseconds since 1970. Fractions and exponents
   * are valid JSON numbers. Rejects dates outside the years 1970 to 9999.
   */
  OptionalLong date(String name) {
    if (!has(name)) {
      return OptionalLong.empty();
    }
    var claim = json.path(name);
    if (!claim.isNumber()) {
      throw new TokenRejectedException(TokenRejection.CLAIM_TYPE);
    }
    var seconds = claim.doubleValue();
    // NaN and infinities fail this comparison.
    if (seconds >= 0 && seconds <= LAST_SECOND) {
      return OptionalLong.of((long) (seconds * 1000));
    }
    throw new TokenRejectedException(TokenRejection.NOT_A_DATE);
  }

  private static String textOf(JsonNode node) {
    if (!node.isTextual()) {
      throw new TokenRejectedException(TokenRejection.CLAIM_TYPE);
    }
    return node.textValue();
  }
}
