package dev.partywall.identity;

import dev.partywall.error.TokenRejection;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/**
 * The three parts of a token (RFC 7515, section 7.1), each in canonical base64url. A token thus has
 * exactly one encoding, and no other encoding reaches a parser.
 */
record CompactToken(String header, String claims, String signature) {
  /** The maximum length of a token, in characters. */
  static final int MAX_LENGTH = 8 * 1024;

  private static final byte[] SEXTETS = sextets();

  /**
   * Splits a token into its parts.
   *
   * @throws TokenRejectedException if it is too long, does not have three parts, or is not
   *     canonical base64url
   */
  static CompactToken parse(String token) {
    if (token.length() > MAX_LENGTH) {
      throw new TokenRejectedException(TokenRejection.TOO_LONG);
    }
    var first = token.indexOf('.');
    var last = token.lastIndexOf('.');
    if (first < 0 || token.indexOf('.', first + 1) != last) {
      throw new TokenRejectedException(TokenRejection.NOT_THREE_PARTS);
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

  /** Returns the JWS signing input (RFC 7515, section 5.1). */
  byte[] signingInput() {
    return (header + '.' + claims).getBytes(StandardCharsets.US_ASCII);
  }

  private static String part(String token, int from, int to) {
    if (from == to) {
      throw new TokenRejectedException(TokenRejection.NOT_THREE_PARTS);
    }
    requireBase64Url(token, from, to);
    requireCanonical(to - from, sextet(token.charAt(to - 1)));
    return token.substring(from, to);
  }

  private static void requireBase64Url(String token, int from, int to) {
    for (var i = from; i < to; i++) {
      if (sextet(token.charAt(i)) < 0) {
        throw new TokenRejectedException(TokenRejection.NOT_BASE64URL);
      }
    }
  }

  /** Rejects a part whose unused trailing bits are not zero. */
  private static void requireCanonical(int length, int last) {
    if (!isCanonical(length, last)) {
      throw new TokenRejectedException(TokenRejection.NOT_CANONICAL);
    }
  }

  private static boolean isCanonical(int length, int last) {
    return switch (length % 4) {
      case 0 -> true;
      case 2 -> (last & 0b1111) == 0;
      case 3 -> (last & 0b11) == 0;
      default -> false;
    };
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
