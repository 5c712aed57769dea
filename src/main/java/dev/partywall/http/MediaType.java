package dev.partywall.http;

import java.util.Locale;

/** Recognises JSON bodies by their header fields (RFC 9110, sections 8.3 and 8.4). */
final class MediaType {
  private MediaType() {}

  /** Returns whether these fields declare uncompressed JSON in UTF-8. */
  static boolean isJson(Headers headers) {
    var coding = headers.first("Content-Encoding").orElse("identity");
    var type = headers.first("Content-Type").orElse("");
    return coding.equalsIgnoreCase("identity")
        && (type.equals("application/json") || isUtf8Json(type));
  }

  private static boolean isUtf8Json(String type) {
    var parts = type.toLowerCase(Locale.ROOT).split(";", -1);
    var name = parts[0].strip();
    if (!name.equals("application/json")) {
      return false;
    }
    for (var i = 1; i < parts.length; i++) {
      if (!isUtf8OrUnrelated(parts[i].strip())) {
        return false;
      }
    }
    return true;
  }

  private static boolean isUtf8OrUnrelated(String parameter) {
    return !parameter.startsWith("charset")
        || parameter.equals("charset=utf-8")
        || parameter.equals("charset=\"utf-8\"");
  }
}
