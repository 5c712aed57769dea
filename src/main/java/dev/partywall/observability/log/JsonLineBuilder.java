package dev.partywall.observability.log;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Builds one JSON object on one line, in ASCII. Every character outside printable ASCII is escaped:
 * line and paragraph separators, terminal escapes, bidirectional marks and future Unicode control
 * characters have no effect in a reader's terminal, and the bytes do not depend on a charset. A
 * lone surrogate is replaced by U+FFFD, because some parsers reject it. The length of each text and
 * of all text together is limited.
 *
 * <p>Jackson's generator, which is in the jar, is not used. With {@code ESCAPE_NON_ASCII} it writes
 * U+007F unescaped and a lone surrogate as an escape, has no limits, and would need a flush to give
 * the audit the bytes before the hash. The figures do not speak for it either: in {@code
 * LogLineBench} (bench/record.json), a complete access line, including the lookup of the request's
 * fields and the checks of names and lengths, allocates 1,432 bytes and takes 1.28 times as long as
 * a bare generator that writes the same fields and allocates 1,584 bytes.
 */
final class JsonLineBuilder {
  private static final byte[] DIGITS = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
  private static final char REPLACEMENT = '\ufffd';
  private static final int MAX_TEXT = 49_152;
  private static final int ESCAPE_LENGTH = 6;

  // An access line takes about 350 bytes, more with longer names. The array grows for longer lines.
  private byte[] bytes = new byte[512];
  private int length;
  private int remaining = MAX_TEXT;
  private boolean truncated;

  /** Returns whether any text was truncated. */
  boolean isTruncated() {
    return truncated;
  }

  /** Starts an object. */
  JsonLineBuilder beginObject() {
    return raw('{');
  }

  /** Ends an object. */
  JsonLineBuilder endObject() {
    return raw('}');
  }

  /**
   * Writes a field name with its preceding comma and its colon. The caller must limit its length:
   * truncation here could make two names equal.
   */
  JsonLineBuilder name(String name) {
    if (bytes[length - 1] != '{') {
      raw(',');
    }
    return quoted(name, name.length()).raw(':');
  }

  /** Writes text, truncated to {@code limit} characters. */
  JsonLineBuilder string(String text, int limit) {
    // A limit can separate a surrogate pair; `quoted` then replaces the remaining half.
    var fits = Math.min(text.length(), Math.min(limit, remaining));
    truncated |= fits < text.length();
    remaining -= fits;
    return quoted(text, fits);
  }

  /** Writes ASCII that is valid JSON: a number, {@code true}, {@code false} or {@code null}. */
  JsonLineBuilder literal(String json) {
    ensure(json.length());
    for (var i = 0; i < json.length(); i++) {
      bytes[length++] = (byte) json.charAt(i);
    }
    return this;
  }

  /** Writes one character of the JSON syntax. */
  JsonLineBuilder raw(char c) {
    ensure(1);
    bytes[length++] = (byte) c;
    return this;
  }

  /** Writes a non-negative number, padded with zeros to {@code width} digits, as in a date. */
  JsonLineBuilder digits(int number, int width) {
    ensure(width);
    var rest = number;
    for (var i = length + width - 1; i >= length; i--) {
      bytes[i] = DIGITS[rest % 10];
      rest /= 10;
    }
    length += width;
    return this;
  }

  /** Returns the bytes written so far. */
  byte[] toBytes() {
    return Arrays.copyOf(bytes, length);
  }

  private JsonLineBuilder quoted(String text, int end) {
    ensure(end + 2);
    bytes[length++] = '"';
    for (var i = 0; i < end; i++) {
      // Reserves the longest escape for this character, one byte for each other, and the quote.
      ensure(ESCAPE_LENGTH + end - i);
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
      printable(c);
    } else if (c == '\n') { // the most frequent one, in stack traces: two bytes instead of six
      bytes[length++] = '\\';
      bytes[length++] = 'n';
    } else {
      escape(c);
    }
  }

  private void printable(char c) {
    if (c == '"' || c == '\\') {
      bytes[length++] = '\\';
    }
    bytes[length++] = (byte) c;
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
