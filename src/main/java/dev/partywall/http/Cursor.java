package dev.partywall.http;

import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.function.Predicate;

/**
 * Writes and reads the cursors of a list: a version, the incarnation of the tenant from the second
 * one on, a fingerprint of the filter values, and a position, such as the id of the last item of a
 * page. A cursor needs no signature, because it does not determine the tenant whose items are
 * listed. A forged cursor, or one of another tenant, is at worst another position in the caller's
 * own list.
 */
public final class Cursor {
  /** The version of cursors of the first incarnation, which do not state it. */
  private static final byte VERSION = 1;

  private static final byte VERSION_WITH_INCARNATION = 2;
  private static final int FINGERPRINT_BYTES = 8;
  private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

  private final byte[] fingerprint;
  private final Predicate<String> isPosition;

  /**
   * Creates a reader and writer of cursors.
   *
   * @param filterValues the values by which the caller filters the list, such as a status; a cursor
   *     of a list with other values is rejected
   * @param isPosition returns whether a text has the form of a position
   */
  public Cursor(List<String> filterValues, Predicate<String> isPosition) {
    this.fingerprint = Sha256.of(filterValues, FINGERPRINT_BYTES);
    this.isPosition = isPosition;
  }

  /** Returns the cursor for a position. */
  public String write(String position) {
    var prefix = prefix();
    var bytes = position.getBytes(StandardCharsets.UTF_8);
    return BASE64.encodeToString(
        ByteBuffer.allocate(prefix.length + bytes.length).put(prefix).put(bytes).array());
  }

  /** Returns the bytes before the position of each cursor of this list and incarnation. */
  private byte[] prefix() {
    var incarnation = Incarnation.current();
    return incarnation == Incarnation.FIRST
        ? ByteBuffer.allocate(1 + FINGERPRINT_BYTES).put(VERSION).put(fingerprint).array()
        : ByteBuffer.allocate(1 + Integer.BYTES + FINGERPRINT_BYTES)
            .put(VERSION_WITH_INCARNATION)
            .putInt(incarnation)
            .put(fingerprint)
            .array();
  }

  /**
   * Returns the position after which the list continues. Accepts only text that {@link #write}
   * returns: this version, incarnation and filter values, and the canonical encoding, without
   * padding or unused bits at the end.
   *
   * @throws ApiException as {@link ApiError.Malformed} if the text is not a cursor of this list
   */
  public String read(String text) {
    var position = decode(text, prefix().length);
    if (!isPosition.test(position) || !write(position).equals(text)) {
      throw malformed();
    }
    return position;
  }

  private static String decode(String text, int prefixLength) {
    try {
      var bytes = Base64.getUrlDecoder().decode(text);
      if (bytes.length >= prefixLength) {
        var length = bytes.length - prefixLength;
        return new String(bytes, prefixLength, length, StandardCharsets.UTF_8);
      }
    } catch (IllegalArgumentException _) {
      // Not base64url: reported like every other invalid cursor.
    }
    throw malformed();
  }

  private static ApiException malformed() {
    return new ApiException(new ApiError.Malformed("The cursor does not belong to this list."));
  }
}
