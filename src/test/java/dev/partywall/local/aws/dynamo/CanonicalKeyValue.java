package dev.partywall.local.aws.dynamo;

import com.fasterxml.jackson.databind.JsonNode;
import dev.partywall.local.aws.wire.AwsFault;
import java.math.BigDecimal;
import java.util.Base64;

/**
 * The canonical text of a key value in policies: a string unchanged, a number without superfluous
 * digits, bytes in Base64. Equal values have equal texts.
 */
final class CanonicalKeyValue {
  private static final int MAX_DIGITS = 200;

  private CanonicalKeyValue() {}

  /** Returns the text of an attribute value such as <code>{"S": "acme"}</code>. */
  static String of(JsonNode value) {
    if (!value.isObject() || value.size() != 1) {
      throw invalid(value);
    }
    var member = value.properties().iterator().next();
    if (!member.getValue().isTextual()) {
      throw invalid(value);
    }
    var text = member.getValue().asText();
    return switch (member.getKey()) {
      case "S" -> text;
      case "N" -> canonicalNumber(text);
      case "B" -> bytes(text);
      default -> throw invalid(value);
    };
  }

  static String canonicalNumber(String text) {
    try {
      var number = new BigDecimal(text.length() > MAX_DIGITS ? "" : text).stripTrailingZeros();
      if (Math.abs(number.scale()) > MAX_DIGITS) {
        throw AwsFault.validation("Number overflow");
      }
      return number.toPlainString();
    } catch (NumberFormatException e) {
      throw AwsFault.validation("The parameter cannot be converted to a numeric value: " + text);
    }
  }

  private static String bytes(String text) {
    try {
      return Base64.getEncoder().encodeToString(Base64.getDecoder().decode(text));
    } catch (IllegalArgumentException e) {
      throw AwsFault.validation("Invalid base64");
    }
  }

  private static AwsFault invalid(JsonNode value) {
    return AwsFault.validation("The provided key element does not match the schema: " + value);
  }
}
