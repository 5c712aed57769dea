package dev.partywall.observability;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * One JSON object on one line, as it is written, in ASCII. Every character beyond printable ASCII
 * is escaped: line and paragraph separators, terminal escapes, bidirectional marks and whatever
 * Unicode still invents can't act in a reader's terminal, and the bytes need no charset. A lone
 * surrogate is no character and not every parser takes it, so it becomes U+FFFD. Text is bounded,
 * each piece and the whole.
 */
final class JsonText {
  private static final byte[] DIGITS = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
  private static final char REPLACEMENT = '\ufffd';
  private static final int WHOLE = 49_152;
  private static final int ESCAPE = 6;

  // An access line takes 350 bytes, with longer names somewhat more; what is longer still finds
  // room.
  private byte[] bytes = new byte[512];
  private int length;
  private int room = WHOLE;
  private boolean cut;

  /** Whether any text was cut short. */
  boolean isCut() {
    return cut;
  }

  /** Begins an object. */
  JsonText open() {
    return raw('{');
  }

  /** Ends an object. */
  JsonText close() {
    return raw('}');
  }

  /**
   * A field's name, with what stands before and behind it. It is never cut, since then two names
   * could become one; so it must be short already.
   */
  JsonText name(String name) {
    if (bytes[length - 1] != '{') {
      raw(',');
    }
    return quoted(name, name.length()).raw(':');
  }

  /** Text of at most that many characters; what is longer is cut and noted. */
  JsonText string(String text, int limit) {
    var fits = Math.min(text.length(), Math.min(limit, room));
    cut |= fits < text.length();
    room -= fits;
    return quoted(text, fits);
  }

  /** A number, {@code true}, {@code false}, {@code null}: ASCII that is JSON already. */
  JsonText literal(String json) {
    ensure(json.length());
    for (var i = 0; i < json.length(); i++) {
      bytes[length++] = (byte) json.charAt(i);
    }
    return this;
  }

  /** One character of the grammar. */
  JsonText raw(char c) {
    ensure(1);
    bytes[length++] = (byte) c;
    return this;
  }

  /** A decimal number of at least that many digits, as in a date. */
  JsonText digits(int number, int width) {
    ensure(width);
    var rest = number;
    for (var i = length + width - 1; i >= length; i--) {
      bytes[i] = DIGITS[rest % 10];
      rest /= 10;
    }
    length += width;
    return this;
  }

  /** What has been written so far. */
  byte[] toBytes() {
    return Arrays.copyOf(bytes, length);
  }

  private JsonText quoted(String text, int end) {
    ensure(end + 2);
    bytes[length++] = '"';
    for (var i = 0; i < end; i++) {
      // Room for the longest escape of this one, one byte for each of the rest, and the quote.
      ensure(ESCAPE + end - i);
      var c = text.charAt(i);
      character(Character.isSurrogate(c) && !isPaired(text, i, end) ? REPLACEMENT : c);
    }
    bytes[length++] = '"';
    return this;
  }

  private static boolean isPaired(String text, int i, int end) {
    return Character.isHighSurrogate(text.charAt(i))
        ? i + 1 < end && Character.isLowSurrogate(text.charAt(i + 1))
        : i > 0 && Character.isHighSurrogate(text.charAt(i - 1));
  }

  private void character(char c) {
    if (c >= ' ' && c < 0x7f) {
      if (c == '"' || c == '\\') {
        bytes[length++] = '\\';
      }
      bytes[length++] = (byte) c;
    } else if (c == '\n') {
      bytes[length++] = '\\';
      bytes[length++] = 'n';
    } else {
      escape(c);
    }
  }

  private void escape(char c) {
    bytes[length++] = '\\';
    bytes[length++] = 'u';
    for (var shift = 12; shift >= 0; shift -= 4) {
      bytes[length++] = DIGITS[(c >> shift) & 0xf];
    }
  }

  private void ensure(int more) {
    if (length + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + more));
    }
  }
}
