package dev.partywall.identity;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/**
 * A token's three parts (RFC 7515, section 7.1), each known to be canonical base64url. A token thus
 * has exactly one spelling, and nothing else ever reaches a parser.
 */
record CompactToken(String header, String claims, String signature) {
  /** The longest token that is looked at, in characters. */
  static final int LONGEST = 8 * 1024;

  private static final byte[] SEXTETS = sextets();

  /**
   * Takes a token apart.
   *
   * @throws RejectedToken when it is too long, has not three parts, or is no canonical base64url
   */
  static CompactToken parse(String token) {
    if (token.length() > LONGEST) {
      throw new RejectedToken(Rejection.TOO_LONG);
    }
    var first = token.indexOf('.');
    var last = token.lastIndexOf('.');
    if (first < 0 || token.indexOf('.', first + 1) != last) {
      throw new RejectedToken(Rejection.NOT_THREE_PARTS);
    }
    return new CompactToken(
        part(token, 0, first), part(token, first + 1, last), part(token, last + 1, token.length()));
  }

  byte[] headerBytes() {
    return Base64.getUrlDecoder().decode(header);
  }

  byte[] claimsBytes() {
    return Base64.getUrlDecoder().decode(claims);
  }

  /** What the signature is made over (RFC 7515, section 5.1). */
  byte[] signingInput() {
    return (header + '.' + claims).getBytes(StandardCharsets.US_ASCII);
  }

  private static String part(String token, int from, int to) {
    if (from == to) {
      throw new RejectedToken(Rejection.NOT_THREE_PARTS);
    }
    for (var i = from; i < to; i++) {
      if (sextet(token.charAt(i)) < 0) {
        throw new RejectedToken(Rejection.NOT_BASE64URL);
      }
    }
    requireCanonical(to - from, sextet(token.charAt(to - 1)));
    return token.substring(from, to);
  }

  /** The bits of the last character that stand for no byte have to be zero. */
  private static void requireCanonical(int length, int last) {
    var holds =
        switch (length % 4) {
          case 0 -> true;
          case 2 -> (last & 0b1111) == 0;
          case 3 -> (last & 0b11) == 0;
          default -> false;
        };
    if (!holds) {
      throw new RejectedToken(Rejection.NOT_CANONICAL);
    }
  }

  private static int sextet(char c) {
    return c < SEXTETS.length ? SEXTETS[c] : -1;
  }

  private static byte[] sextets() {
    var alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    var values = new byte[128];
    Arrays.fill(values, (byte) -1);
    for (byte i = 0; i < alphabet.length(); i++) {
      values[alphabet.charAt(i)] = i;
    }
    return values;
  }
}
