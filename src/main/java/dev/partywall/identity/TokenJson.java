package dev.partywall.identity;

import com.fasterxml.jackson.databind.JsonNode;
import dev.partywall.http.Json;
import dev.partywall.http.Refused;

/**
 * Parses a part of a token, as strictly as a request body: two parsers must not read one token
 * differently (RFC 7519, section 4; RFC 8725, section 3.7).
 */
final class TokenJson {
  private TokenJson() {}

  /**
   * Parses a JSON object.
   *
   * @throws RejectedToken with the given reason if the bytes are not a JSON object
   */
  static JsonNode object(byte[] bytes, Rejection rejection) {
    var value = value(bytes, rejection);
    if (!value.isObject()) {
      throw new RejectedToken(rejection);
    }
    return value;
  }

  private static JsonNode value(byte[] bytes, Rejection rejection) {
    try {
      return Json.parse(bytes);
    } catch (Refused e) {
      throw new RejectedToken(rejection, e);
    }
  }
}
