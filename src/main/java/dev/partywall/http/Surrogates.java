package dev.partywall.http;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * Refuses half of a surrogate pair, which JSON can escape ({@code "\ud800"}) and UTF-8 can't hold:
 * such a text could be taken in and never given out again.
 */
final class Surrogates {
  private Surrogates() {}

  /** Looks at every text and every name; the depth is bounded by the parser. */
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
      value.forEach(Surrogates::check);
    }
  }

  private static void check(String text) {
    for (var i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        if (Character.charCount(text.codePointAt(i)) == 1) {
          throw Json.malformed("a text holds half of a surrogate pair");
        }
        i++;
      }
    }
  }
}
