package dev.partywall.http;

import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.function.Predicate;

/**
 * Writes and reads the cursors of a list: a version, a fingerprint of the filter values, and a
 * position, such as the id of the last item of a page. A cursor needs no signature, because it does
 * not determine the tenant whose items are listed. A forged cursor, or one of another tenant, is at
 * worst another position in the caller's own list.
 */
public final class Cursor {
  private static final byte VERSION = 1;
  private static final int FINGERPRINT_BYTES = 8;
  private static final int PREFIX_BYTES = 1 + FINGERPRINT_BYTES;
  private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

  private final byte[] prefix;
  private final Predicate<String> isPosition;

  /**
   * Creates a reader and writer of cursors.
   *
   * @param filterValues the values by which the caller filters the list, such as a status; a cursor
   *     of a list with other values is rejected
   * @param isPosition returns whether a text has the form of a position
   */
  public Cursor(List<String> filterValues, Predicate<String> isPosition) {
    this.prefix =
        ByteBuffer.allocate(PREFIX_BYTES)
            .put(VERSION)
            .put(Sha256.of(filterValues, FINGERPRINT_BYTES))
            .array();
    this.isPosition = isPosition;
  }

  /** Returns the cursor for a position. */
  public String write(String position) {
    var bytes = position.getBytes(StandardCharsets.UTF_8);
    return BASE64.encodeToString(
        ByteBuffer.allocate(PREFIX_BYTES + bytes.length).put(prefix).put(bytes).array());
  }

  /**
   * Returns the position after which the list continues. Accepts only text that {@link #write}
   * returns: this version, these filter values, and the canonical encoding, without padding or
   * unused bits at the end.
   *
   * @throws ApiException as {@link ApiError.Malformed} if the text is not a cursor of this list
   */
  public String read(String text) {
    var position = decode(text);
    if (!isPosition.test(position) || !write(position).equals(text)) {
      throw malformed();
    }
    return position;
  }

  private static String decode(String text) {
    try {
      var bytes = Base64.getUrlDecoder().decode(text);
      if (bytes.length >= PREFIX_BYTES) {
        var length = bytes.length - PREFIX_BYTES;
        return new String(bytes, PREFIX_BYTES, length, StandardCharsets.UTF_8);
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
