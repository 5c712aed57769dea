package dev.partywall.json;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * Rejects unpaired surrogates, which JSON can escape ({@code "\ud800"}) and UTF-8 cannot encode. A
 * string with one could be accepted but never returned.
 */
final class SurrogateCheck {
  private SurrogateCheck() {}

  /** Checks all strings and names, recursively; the parser limits the depth. */
  static void check(JsonNode value) {
    if (value.isTextual()) {
      check(value.textValue());
    } else if (value.isObject()) {
      value
          .properties()
          .forEach(property -> {
            check(property.getKey());
            check(property.getValue());
          });
    } else {
      value.forEach(SurrogateCheck::check);
    }
  }

  private static void check(String text) {
    for (var i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        if (Character.charCount(text.codePointAt(i)) == 1) {
          throw new MalformedJsonException("contains an unpaired surrogate");
        }
        i++;
      }
    }
  }
}
