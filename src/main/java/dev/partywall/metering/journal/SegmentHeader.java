package dev.partywall.metering.journal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * The header of a segment: magic number, format, batch id and creation time. The ledger stores the
 * batch id, so a segment counts once, however often it is shipped.
 *
 * @param format incremented when the meaning of any byte in a segment changes
 */
record SegmentHeader(int format, UUID batchId, Instant createdAt) {
  static final int OLDEST_FORMAT = 1;
  static final int CURRENT_FORMAT = 4;
  static final int BYTES = 8 + 1 + 16 + 8 + 4;

  private static final byte[] MAGIC = "PWUSAGE\n".getBytes(StandardCharsets.US_ASCII);

  static SegmentHeader of(UUID batch, Instant createdAt) {
    return new SegmentHeader(CURRENT_FORMAT, batch, createdAt);
  }

  ByteBuffer encode() {
    var bytes = ByteBuffer.allocate(BYTES);
    bytes.put(MAGIC).put((byte) format);
    bytes.putLong(batchId.getMostSignificantBits()).putLong(batchId.getLeastSignificantBits());
    bytes.putLong(createdAt.getEpochSecond());
    bytes.putInt(checksum(bytes.array()));
    return bytes.flip();
  }

  /** Returns the header, or empty if the bytes do not start with a complete, valid header. */
  static Optional<SegmentHeader> decode(ByteBuffer bytes) {
    if (bytes.remaining() < BYTES) {
      return Optional.empty();
    }
    var header = new byte[BYTES];
    bytes.get(header);
    var fields = ByteBuffer.wrap(header, MAGIC.length, BYTES - MAGIC.length);
    var read =
        new SegmentHeader(
            Byte.toUnsignedInt(fields.get()),
            new UUID(fields.getLong(), fields.getLong()),
            Instant.ofEpochSecond(fields.getLong()));
    return Optional.of(read).filter(_ -> fields.getInt() == checksum(header));
  }

  /** Returns whether this release reads segments of this format. */
  boolean isSupported() {
    return format >= OLDEST_FORMAT && format <= CURRENT_FORMAT;
  }

  private static int checksum(byte[] header) {
    var crc = new CRC32C();
    crc.update(header, 0, BYTES - Integer.BYTES);
    return (int) crc.getValue();
  }
}
