package dev.partywall.http.server;

/**
 * Validates the value of a Host field, and the authority of a target in absolute form: a name or an
 * address, then an optional port (RFC 9110, section 7.2).
 */
final class Authority {
  private static final int MAX_LENGTH = 255;
  private static final int MAX_PORT = 0xffff;

  private Authority() {}

  /**
   * Returns whether the value is a valid {@code host[:port]}. User information, lists, paths and
   * percent signs are invalid.
   */
  static boolean isValid(String value) {
    if (value.isEmpty() || value.length() > MAX_LENGTH) {
      return false;
    }
    var end = value.startsWith("[") ? value.indexOf(']') + 1 : hostEnd(value);
    return end > 0
        && (value.charAt(0) == '[' ? isAddress(value, end) : isName(value, end))
        && (end == value.length() || isPort(value, end));
  }

  private static int hostEnd(String value) {
    var colon = value.indexOf(':');
    return colon < 0 ? value.length() : colon;
  }

  private static boolean isAddress(String value, int end) {
    for (var i = 1; i < end - 1; i++) {
      var c = value.charAt(i);
      if (Character.digit(c, 16) < 0 && c != ':' && c != '.') {
        return false;
      }
    }
    return end > 3;
  }

  private static boolean isName(String value, int end) {
    for (var i = 0; i < end; i++) {
      var c = value.charAt(i);
      if (c > 'z' || !(Character.isLetterOrDigit(c) || c == '-' || c == '.' || c == '_')) {
        return false;
      }
    }
    return value.charAt(0) != '.';
  }

  /** The port may be empty, and may have leading zeros (RFC 3986, section 3.2.3). */
  private static boolean isPort(String value, int colon) {
    if (value.charAt(colon) != ':') {
      return false;
    }
    var port = 0;
    for (var i = colon + 1; i < value.length(); i++) {
      var c = value.charAt(i);
      if (c < '0' || c > '9') {
        return false;
      }
      port = Math.min(port * 10 + c - '0', MAX_PORT + 1);
    }
    return port <= MAX_PORT;
  }
}
