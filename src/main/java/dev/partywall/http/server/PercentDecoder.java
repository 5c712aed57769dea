package dev.partywall.http.server;

import dev.partywall.http.MalformedRequest;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Decodes percent-encoded UTF-8 strictly (RFC 3986, section 2.1). */
final class PercentDecoder {
  /** The component of the target. It determines the allowed characters. */
  enum UriComponent {
    PATH("-._~!$&'()*+,;=:@"),
    QUERY("-._~!$&'()*+,;=:@/?");

    private final String punctuation;

    UriComponent(String punctuation) {
      this.punctuation = punctuation;
    }

    boolean allows(char c) {
      return (c >= 'a' && c <= 'z')
          || (c >= '0' && c <= '9')
          || (c >= 'A' && c <= 'Z')
          || punctuation.indexOf(c) >= 0;
    }
  }

  private PercentDecoder() {}

  /**
   * Decodes the text from {@code from} to {@code to}. In a query, {@code +} is a space, as HTML
   * forms and client libraries encode it.
   *
   * @throws MalformedRequest if the text contains a disallowed character, raw or encoded
   */
  static String decode(String text, int from, int to, UriComponent component)
      throws MalformedRequest {
    for (var i = from; i < to; i++) {
      var c = text.charAt(i);
      if (c == '%' || c == '+') {
        return decodeBytes(text, from, to, component);
      }
      check(c, component);
    }
    return text.substring(from, to);
  }

  private static String decodeBytes(String text, int from, int to, UriComponent component)
      throws MalformedRequest {
    var bytes = ByteBuffer.allocate(to - from);
    for (var i = from; i < to; i++) {
      var c = text.charAt(i);
      if (c == '%') {
        bytes.put(octet(text, i, to, component));
        i += 2;
      } else {
        check(c, component);
        bytes.put((byte) (c == '+' && component == UriComponent.QUERY ? ' ' : c));
      }
    }
    return utf8(bytes.flip());
  }

  private static void check(char c, UriComponent component) throws MalformedRequest {
    if (!component.allows(c)) {
      throw new MalformedRequest("The request target contains a disallowed character.");
    }
  }

  private static byte octet(String text, int index, int to, UriComponent component)
      throws MalformedRequest {
    var high = index + 2 < to ? Character.digit(text.charAt(index + 1), 16) : -1;
    var low = index + 2 < to ? Character.digit(text.charAt(index + 2), 16) : -1;
    if (high < 0 || low < 0) {
      throw new MalformedRequest("The request target contains an invalid percent-encoding.");
    }
    var octet = high << 4 | low;
    // A proxy may decode these before it compares paths, and then match a different path.
    if (octet < ' '
        || octet == 0x7f
        || (component == UriComponent.PATH && "./\\%".indexOf(octet) >= 0)) {
      throw new MalformedRequest("The request target contains a disallowed encoded character.");
    }
    return (byte) octet;
  }

  private static String utf8(ByteBuffer bytes) throws MalformedRequest {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
    } catch (CharacterCodingException e) {
      throw new MalformedRequest("The request target is not UTF-8.");
    }
  }
}
