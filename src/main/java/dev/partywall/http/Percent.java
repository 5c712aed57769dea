package dev.partywall.http;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Percent-decoding (RFC 3986, section 2.1), in UTF-8, of what is there and nothing else. */
final class Percent {
  /** Where the text stands; the two differ in what may stand there. */
  enum Place {
    PATH("-._~!$&'()*+,;=:@"),
    QUERY("-._~!$&'()*+,;=:@/?");

    private final String marks;

    Place(String marks) {
      this.marks = marks;
    }

    boolean allows(char c) {
      return (c >= 'a' && c <= 'z')
          || (c >= '0' && c <= '9')
          || (c >= 'A' && c <= 'Z')
          || marks.indexOf(c) >= 0;
    }
  }

  private Percent() {}

  /**
   * The text from {@code from} to {@code to}, decoded. In a query, {@code +} is a space, as HTML
   * forms and every client's library write it.
   *
   * @throws WireFault when it holds what may not stand there, raw or encoded
   */
  static String decode(String text, int from, int to, Place place) throws WireFault {
    for (var i = from; i < to; i++) {
      var c = text.charAt(i);
      if (c == '%' || c == '+') {
        return decodeBytes(text, from, to, place);
      }
      check(c, place);
    }
    return text.substring(from, to);
  }

  private static String decodeBytes(String text, int from, int to, Place place) throws WireFault {
    var bytes = ByteBuffer.allocate(to - from);
    for (var i = from; i < to; i++) {
      var c = text.charAt(i);
      if (c == '%') {
        bytes.put(octet(text, i, to, place));
        i += 2;
      } else {
        check(c, place);
        bytes.put((byte) (c == '+' && place == Place.QUERY ? ' ' : c));
      }
    }
    return utf8(bytes.flip());
  }

  private static void check(char c, Place place) throws WireFault {
    if (!place.allows(c)) {
      throw new WireFault("the target holds a character that may not stand there");
    }
  }

  private static byte octet(String text, int at, int to, Place place) throws WireFault {
    var high = at + 2 < to ? Character.digit(text.charAt(at + 1), 16) : -1;
    var low = at + 2 < to ? Character.digit(text.charAt(at + 2), 16) : -1;
    if (high < 0 || low < 0) {
      throw new WireFault("the target has a broken percent-encoding");
    }
    var octet = high << 4 | low;
    // A proxy may decode these before it compares paths, and then see another path than we do.
    if (octet < ' ' || octet == 0x7f || (place == Place.PATH && "./\\%".indexOf(octet) >= 0)) {
      throw new WireFault("the target encodes a character that may not stand there");
    }
    return (byte) octet;
  }

  private static String utf8(ByteBuffer bytes) throws WireFault {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
    } catch (CharacterCodingException e) {
      throw new WireFault("the target is not UTF-8");
    }
  }
}
