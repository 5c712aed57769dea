package dev.partywall.http;

import java.util.ArrayList;
import java.util.List;

/** The syntax that field values have in common (RFC 9110, section 5.6). */
final class FieldSyntax {
  private FieldSyntax() {}

  /**
   * Splits a value at a delimiter outside quoted strings, and removes the white space around each
   * part. The result contains empty parts.
   */
  static List<String> split(String value, char delimiter) {
    var parts = new ArrayList<String>(4);
    var start = 0;
    var quoted = false;
    var escaped = false;
    for (var i = 0; i < value.length(); i++) {
      var c = value.charAt(i);
      if (c == delimiter && !quoted) {
        parts.add(value.substring(start, i).strip());
        start = i + 1;
      }
      quoted ^= c == '"' && !escaped;
      escaped = c == '\\' && quoted && !escaped;
    }
    parts.add(value.substring(start).strip());
    return parts;
  }

  /** Returns the content of a quoted string without its escapes, and any other text unchanged. */
  static String unquoted(String text) {
    return text.length() > 1 && text.startsWith("\"") && text.endsWith("\"")
        ? text.substring(1, text.length() - 1).replaceAll("\\\\(.)", "$1")
        : text;
  }
}
