package dev.partywall.identity;

import com.fasterxml.jackson.databind.JsonNode;
import dev.partywall.http.Json;
import dev.partywall.http.Refused;

/**
 * Reads a part of a token. It is as strict as with bodies: two parsers must not be able to read one
 * token in two ways (RFC 7519, section 4; RFC 8725, section 3.7).
 */
final class TokenJson {
  private TokenJson() {}

  /** The object that these bytes are, or a rejection for that reason. */
  static JsonNode object(byte[] bytes, Rejection otherwise) {
    var value = value(bytes, otherwise);
    if (!value.isObject()) {
      throw new RejectedToken(otherwise);
    }
    return value;
  }

  private static JsonNode value(byte[] bytes, Rejection otherwise) {
    try {
      return Json.parse(bytes);
    } catch (Refused e) {
      throw new RejectedToken(otherwise, e);
    }
  }
}
