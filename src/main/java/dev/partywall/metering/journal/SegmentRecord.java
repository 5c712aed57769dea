package dev.partywall.metering.journal;

import dev.partywall.metering.meter.Amounts;
import dev.partywall.metering.meter.Usage;
import dev.partywall.metering.meter.UsageMeter;
import dev.partywall.tenancy.TenantId;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A journal record, appended by one flush: length, CRC32C and the usage. A record cut at any byte
 * is detected by its length or its checksum.
 */
final class SegmentRecord {
  private static final int FRAME_BYTES = 2 * Integer.BYTES;
  private static final long SECONDS_PER_HOUR = Duration.ofHours(1).toSeconds();

  private SegmentRecord() {}

  static ByteBuffer encode(List<Usage> usage) throws IOException {
    var payload = encodedPayload(usage);
    var record = ByteBuffer.allocate(FRAME_BYTES + payload.length);
    return record.putInt(payload.length).putInt(checksum(payload)).put(payload).flip();
  }

  private static byte[] encodedPayload(List<Usage> usage) throws IOException {
    var payload = new ByteArrayOutputStream();
    var out = new DataOutputStream(payload);
    out.writeByte(UsageMeter.ALL.size());
    out.writeInt(usage.size());
    for (var tenantUsage : usage) {
      write(tenantUsage, out);
    }
    return payload.toByteArray();
  }

  /**
   * Returns the next record and advances {@code bytes}. Returns null and leaves the position of
   * {@code bytes} unchanged if the next record is invalid or missing.
   */
  static @Nullable List<Usage> decode(ByteBuffer bytes) throws IOException {
    var start = bytes.position();
    var payload = payload(bytes);
    if (payload == null) {
      bytes.position(start);
      return null;
    }
    return read(new DataInputStream(new ByteArrayInputStream(payload)));
  }

  /**
   * Returns whether the invalid record at the current position was once written completely. Then it
   * was changed since.
   */
  static boolean isDamaged(ByteBuffer bytes) {
    var length = bytes.remaining() < FRAME_BYTES ? 0 : bytes.getInt(bytes.position());
    // Only the last record can be torn: the next one is not started before it is on disk.
    return length > 0 && length < bytes.remaining() - FRAME_BYTES;
  }

  private static byte @Nullable [] payload(ByteBuffer bytes) {
    if (bytes.remaining() < FRAME_BYTES) {
      return null;
    }
    var length = bytes.getInt();
    var checksum = bytes.getInt();
    if (length <= 0 || length > bytes.remaining()) {
      return null;
    }
    var payload = new byte[length];
    bytes.get(payload);
    return checksum == checksum(payload) ? payload : null;
  }

  private static void write(Usage usage, DataOutputStream out) throws IOException {
    out.writeUTF(usage.tenant().value());
    out.writeInt(Math.toIntExact(usage.hour().getEpochSecond() / SECONDS_PER_HOUR));
    for (var meter : UsageMeter.ALL) {
      out.writeLong(usage.amounts().steps(meter));
    }
  }

  private static List<Usage> read(DataInputStream in) throws IOException {
    var meterCount = in.readUnsignedByte();
    var count = in.readInt();
    var usage = new ArrayList<Usage>();
    for (var i = 0; i < count; i++) {
      var tenant = new TenantId(in.readUTF());
      var hour = Instant.ofEpochSecond(in.readInt() * SECONDS_PER_HOUR);
      usage.add(Usage.of(tenant, hour, amounts(in, meterCount)));
    }
    return usage;
  }

  /** A journal of a release with fewer meters has no amounts for the others. */
  private static Amounts amounts(DataInputStream in, int meterCount) throws IOException {
    var steps = new EnumMap<UsageMeter, Long>(UsageMeter.class);
    for (var meter : UsageMeter.ALL.subList(0, Math.min(meterCount, UsageMeter.ALL.size()))) {
      steps.put(meter, in.readLong());
    }
    in.skipNBytes((long) Long.BYTES * (meterCount - steps.size())); // meters of a later release
    return Amounts.of(meter -> steps.getOrDefault(meter, 0L));
  }

  private static int checksum(byte[] payload) {
    var crc = new CRC32C();
    crc.update(payload);
    return (int) crc.getValue();
  }
}
