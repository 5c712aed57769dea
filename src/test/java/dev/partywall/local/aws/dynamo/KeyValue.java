package dev.partywall.local.aws.dynamo;

import com.fasterxml.jackson.databind.JsonNode;
import dev.partywall.local.aws.wire.AwsFault;
import java.math.BigDecimal;
import java.util.Base64;

/**
 * The text under which a policy knows a key's value: a string as it is, a number without needless
 * digits, bytes in base64. One value has one text, however it was written.
 */
final class KeyValue {
  private static final int LONGEST_NUMBER = 200;

  private KeyValue() {}

  /** Of an attribute value such as <code>{"S": "acme"}</code>. */
  static String text(JsonNode value) {
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
      case "N" -> number(text);
      case "B" -> bytes(text);
      default -> throw invalid(value);
    };
  }

  static String number(String text) {
    try {
      var number = new BigDecimal(text.length() > LONGEST_NUMBER ? "" : text).stripTrailingZeros();
      if (Math.abs(number.scale()) > LONGEST_NUMBER) {
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
