package dev.partywall.orders;

import dev.partywall.http.Refusal;
import dev.partywall.http.Refused;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/**
 * Where a list goes on: a version, a fingerprint of the filters, and the last order that was seen.
 * It needs no seal, because it can't lead anywhere: whose orders are listed is never taken from it,
 * so a forged or foreign one is at worst another place in the caller's own list.
 */
final class Cursor {
  private static final byte VERSION = 1;
  private static final int FINGERPRINT = 8;
  private static final int LENGTH = 1 + FINGERPRINT + OrderIds.LENGTH;
  private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

  private final byte[] start;

  /** Cursors of lists with these filters. */
  Cursor(List<String> filters) {
    start =
        ByteBuffer.allocate(1 + FINGERPRINT)
            .put(VERSION)
            .put(Digest.of(filters, FINGERPRINT))
            .array();
  }

  /** A cursor that goes on behind that order. */
  String write(String id) {
    var bytes = ByteBuffer.allocate(LENGTH).put(start).put(id.getBytes(StandardCharsets.US_ASCII));
    return BASE64.encodeToString(bytes.array());
  }

  /**
   * The order behind which the list goes on.
   *
   * @throws Refused as {@link Refusal.Malformed} when this is no cursor, or one of other filters
   */
  String read(String text) {
    var bytes = decode(text);
    var id = new String(bytes, start.length, OrderIds.LENGTH, StandardCharsets.US_ASCII);
    if (!OrderIds.hasForm(id) || !Arrays.equals(bytes, 0, start.length, start, 0, start.length)) {
      throw refused();
    }
    return id;
  }

  /** One cursor has one spelling: no padding, no stray bits at the end. */
  private static byte[] decode(String text) {
    try {
      var bytes = Base64.getUrlDecoder().decode(text);
      if (bytes.length == LENGTH && BASE64.encodeToString(bytes).equals(text)) {
        return bytes;
      }
    } catch (IllegalArgumentException _) {
      // Not base64url at all, which the caller is told like everything else that is wrong with it.
    }
    throw refused();
  }

  private static Refused refused() {
    return new Refused(new Refusal.Malformed("the cursor is not one of this list"));
  }
}
