package dev.partywall.metering;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * How a segment begins: what it is, in which format, its batch id, and when it was begun. The id is
 * what the ledger remembers, so that the segment counts once however often it is shipped.
 *
 * @param format goes up when the meaning of any byte in a segment changes
 */
record SegmentHeader(int format, UUID batch, Instant begun) {
  static final int FORMAT_NOW = 1;
  static final int BYTES = 8 + 1 + 16 + 8 + 4;

  private static final byte[] MAGIC = "PWUSAGE\n".getBytes(StandardCharsets.US_ASCII);

  static SegmentHeader of(UUID batch, Instant begun) {
    return new SegmentHeader(FORMAT_NOW, batch, begun);
  }

  ByteBuffer encode() {
    var bytes = ByteBuffer.allocate(BYTES);
    bytes.put(MAGIC).put((byte) format);
    bytes.putLong(batch.getMostSignificantBits()).putLong(batch.getLeastSignificantBits());
    bytes.putLong(begun.getEpochSecond());
    bytes.putInt(checksum(bytes.array()));
    return bytes.flip();
  }

  /** Nothing when these bytes don't begin with a header that is whole. */
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

  private static int checksum(byte[] header) {
    var crc = new CRC32C();
    crc.update(header, 0, BYTES - Integer.BYTES);
    return (int) crc.getValue();
  }
}
