package dev.partywall.http;

import java.util.Locale;

/** Which bodies we take for JSON by their header (RFC 9110, sections 8.3 and 8.4). */
final class MediaType {
  private MediaType() {}

  /** Whether these fields promise JSON in UTF-8, as it is and not compressed. */
  static boolean isJson(Headers headers) {
    var coding = headers.first("Content-Encoding").orElse("identity");
    var type = headers.first("Content-Type").orElse("");
    return coding.equalsIgnoreCase("identity") && (type.equals("application/json") || holds(type));
  }

  private static boolean holds(String type) {
    var parts = type.toLowerCase(Locale.ROOT).split(";", -1);
    var name = parts[0].strip();
    if (!name.equals("application/json")) {
      return false;
    }
    for (var i = 1; i < parts.length; i++) {
      if (!isUtf8OrAside(parts[i].strip())) {
        return false;
      }
    }
    return true;
  }

  private static boolean isUtf8OrAside(String parameter) {
    return !parameter.startsWith("charset")
        || parameter.equals("charset=utf-8")
        || parameter.equals("charset=\"utf-8\"");
  }
}
