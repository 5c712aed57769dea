package dev.partywall.identity;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a token says, read without any coercion: a claim of another type than it must have refuses
 * the token, and so does {@code null}, which is not the same as a claim that is absent.
 */
final class Claims {
  /** The end of the year 9999, in seconds: no date of ours lies behind it. */
  private static final double LAST_SECOND = 253_402_300_799d;

  private final JsonNode json;

  private Claims(JsonNode json) {
    this.json = json;
  }

  static Claims read(byte[] utf8) {
    return new Claims(TokenJson.object(utf8, Rejection.CLAIMS_NOT_JSON));
  }

  boolean has(String name) {
    return json.has(name);
  }

  /** A claim that is one string. */
  Optional<String> text(String name) {
    return has(name) ? Optional.of(textOf(json.path(name))) : Optional.empty();
  }

  /** A claim that is one string or a list of strings; nothing where it is absent. */
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
   * A NumericDate (RFC 7519, section 2) in milliseconds. Fractions and exponents are JSON numbers
   * like any other; what lies outside of the years 1970 to 9999 is no date.
   */
  OptionalLong date(String name) {
    if (!has(name)) {
      return OptionalLong.empty();
    }
    var claim = json.path(name);
    if (!claim.isNumber()) {
      throw new RejectedToken(Rejection.CLAIM_TYPE);
    }
    var seconds = claim.doubleValue();
    // Written so that NaN and infinities fall through.
    if (seconds >= 0 && seconds <= LAST_SECOND) {
      return OptionalLong.of((long) (seconds * 1000));
    }
    throw new RejectedToken(Rejection.NOT_A_DATE);
  }

  private static String textOf(JsonNode node) {
    if (!node.isTextual()) {
      throw new RejectedToken(Rejection.CLAIM_TYPE);
    }
    return node.textValue();
  }
}
