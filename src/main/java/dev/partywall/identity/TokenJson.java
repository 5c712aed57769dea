package dev.partywall.identity;

import com.fasterxml.jackson.databind.JsonNode;
import dev.partywall.error.TokenRejection;
import dev.partywall.json.Json;
import dev.partywall.json.MalformedJsonException;

/**
 * Parses a part of a token, as strictly as a request body: two parsers must not read one token
 * differently (RFC 7519, section 4; RFC 8725, section 3.7).
 */
final class TokenJson {
  private TokenJson() {}

  /**
   * Parses a JSON object.
   *
   * @throws TokenRejectedException with the given reason if the bytes are not a JSON object
   */
  static JsonNode parseObject(byte[] bytes, TokenRejection rejection) {
    var value = value(bytes, rejection);
    if (!value.isObject()) {
      throw new TokenRejectedException(rejection);
    }
    return value;
  }

  private static JsonNode value(byte[] bytes, TokenRejection rejection) {
    try {
      return Json.parse(bytes);
    } catch (MalformedJsonException e) {
      throw new TokenRejectedException(rejection, e);
    }
  }
}
