package dev.partywall.orders;

import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/**
 * A position in a list: a version, a fingerprint of the filters, and the id of the last order. It
 * needs no signature, because it does not determine whose orders are listed. A forged or foreign
 * cursor is at worst another position in the caller's own list.
 */
final class Cursor {
  private static final byte VERSION = 1;
  private static final int FINGERPRINT_BYTES = 8;
  private static final int LENGTH = 1 + FINGERPRINT_BYTES + OrderIds.LENGTH;
  private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

  private final byte[] prefix;

  /** Creates a reader and writer of cursors for lists with these filters. */
  Cursor(List<String> filters) {
    prefix =
        ByteBuffer.allocate(1 + FINGERPRINT_BYTES)
            .put(VERSION)
            .put(Digest.of(filters, FINGERPRINT_BYTES))
            .array();
  }

  /** Returns the cursor for the position after that order. */
  String write(String id) {
    var bytes = ByteBuffer.allocate(LENGTH).put(prefix).put(id.getBytes(StandardCharsets.US_ASCII));
    return BASE64.encodeToString(bytes.array());
  }

  /**
   * Returns the id of the order after which the list continues.
   *
   * @throws ApiException with {@link ApiError.Malformed} when the text is not a cursor, or the
   *     cursor of a list with other filters
   */
  String read(String text) {
    var bytes = decode(text);
    var id = new String(bytes, prefix.length, OrderIds.LENGTH, StandardCharsets.US_ASCII);
    if (!OrderIds.isValid(id)
        || !Arrays.equals(bytes, 0, prefix.length, prefix, 0, prefix.length)) {
      throw malformed();
    }
    return id;
  }

  /** Accepts only the canonical encoding: no padding, no unused bits at the end. */
  private static byte[] decode(String text) {
    try {
      var bytes = Base64.getUrlDecoder().decode(text);
      if (bytes.length == LENGTH && BASE64.encodeToString(bytes).equals(text)) {
        return bytes;
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
