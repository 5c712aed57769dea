package dev.partywall.metering.journal;

import dev.partywall.metering.meter.Amounts;
import dev.partywall.metering.meter.MeteredTenant;
import dev.partywall.metering.meter.Usage;
import dev.partywall.metering.meter.UsageMeter;
import dev.partywall.metering.meter.UsageMeter.KernelMeter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A journal record, appended by one flush: length, CRC32C and the usage. A record cut at any byte
 * is detected by its length or its checksum.
 *
 * <p>The usage in format 4: the number of meters (2 bytes); the attribute (modified UTF-8) and the
 * decimals (1 byte) of each; the number of tenants' hours (4 bytes); and for each of these the key
 * of the tenant (modified UTF-8; it names an incarnation other than 1), the hours since 1970 (4
 * bytes), the tier (modified UTF-8; empty if it is not known), the time of the last request (4
 * bytes; milliseconds since the start of the hour, or -1 if there is none) and the amount of each
 * meter in steps (8 bytes). A record names its meters, so a release ships the amounts of meters
 * that it does not know. Some meters count the uses of a route or a feature.
 *
 * <p>Format 3 has no times of requests, and no incarnation other than 1. Format 2 has no tiers.
 *
 * <p>Format 1 has the number of meters in 1 byte and does not name them: they are the first ones of
 * {@link #METERS_OF_FORMAT_1}.
 */
final class SegmentRecord {
  private static final int FRAME_BYTES = 2 * Integer.BYTES;
  private static final long SECONDS_PER_HOUR = Duration.ofHours(1).toSeconds();

  private static final int NO_REQUEST = -1;

  private static final List<UsageMeter> METERS_OF_FORMAT_1 =
      List.of(
          KernelMeter.REQUESTS,
          KernelMeter.BYTES_IN,
          KernelMeter.BYTES_OUT,
          UsageMeter.declared("ordersPlaced"),
          KernelMeter.READ_UNITS,
          KernelMeter.WRITE_UNITS,
          KernelMeter.BUSY);

  private SegmentRecord() {}

  static ByteBuffer encode(List<Usage> usage) throws IOException {
    var payload = encodedPayload(usage);
    var record = ByteBuffer.allocate(FRAME_BYTES + payload.length);
    return record.putInt(payload.length).putInt(checksum(payload)).put(payload).flip();
  }

  private static byte[] encodedPayload(List<Usage> usage) throws IOException {
    var payload = new ByteArrayOutputStream();
    var out = new DataOutputStream(payload);
    var meters =
        usage.stream().flatMap(each -> each.amounts().meters().stream()).distinct().toList();
    out.writeShort(meters.size());
    for (var meter : meters) {
      out.writeUTF(meter.attribute());
      out.writeByte(meter.decimals());
    }
    out.writeInt(usage.size());
    for (var tenantUsage : usage) {
      write(tenantUsage, meters, out);
    }
    return payload.toByteArray();
  }

  /**
   * Returns the next record and advances {@code bytes}. Returns null and leaves the position of
   * {@code bytes} unchanged if the next record is invalid or missing.
   *
   * @param format the format of the segment
   */
  static @Nullable List<Usage> decode(ByteBuffer bytes, int format) throws IOException {
    var start = bytes.position();
    var payload = payload(bytes);
    if (payload == null) {
      bytes.position(start);
      return null;
    }
    var in = new DataInputStream(new ByteArrayInputStream(payload));
    return read(in, format == 1 ? metersOfFormat1(in) : meters(in), format);
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

  private static void write(Usage usage, List<UsageMeter> meters, DataOutputStream out)
      throws IOException {
    out.writeUTF(usage.tenant().key());
    out.writeInt(Math.toIntExact(usage.hour().getEpochSecond() / SECONDS_PER_HOUR));
    out.writeUTF(usage.tier().orElse(""));
    out.writeInt(lastRequestMillis(usage));
    for (var meter : meters) {
      out.writeLong(usage.amounts().steps(meter));
    }
  }

  private static List<UsageMeter> metersOfFormat1(DataInputStream in) throws IOException {
    return METERS_OF_FORMAT_1.subList(0, in.readUnsignedByte());
  }

  private static List<UsageMeter> meters(DataInputStream in) throws IOException {
    var meters = new ArrayList<UsageMeter>();
    for (var count = in.readUnsignedShort(); count > 0; count--) {
      meters.add(UsageMeter.stored(in.readUTF(), in.readUnsignedByte()));
    }
    return meters;
  }

  private static List<Usage> read(DataInputStream in, List<UsageMeter> meters, int format)
      throws IOException {
    var count = in.readInt();
    var usage = new ArrayList<Usage>();
    for (var i = 0; i < count; i++) {
      usage.add(readUsage(in, meters, format));
    }
    return usage;
  }

  private static Usage readUsage(DataInputStream in, List<UsageMeter> meters, int format)
      throws IOException {
    var tenant = MeteredTenant.ofKey(in.readUTF());
    var hour = Instant.ofEpochSecond(in.readInt() * SECONDS_PER_HOUR);
    var tier = format >= 3 ? in.readUTF() : "";
    var lastRequest = format >= 4 ? in.readInt() : NO_REQUEST;
    var usage = Usage.of(tenant, hour, amounts(in, meters));
    var withTier = tier.isEmpty() ? usage : usage.withTier(tier);
    return lastRequest == NO_REQUEST
        ? withTier
        : withTier.withLastRequestAt(hour.plusMillis(lastRequest));
  }

  /** Returns the time of the last request, in milliseconds since the start of its hour. */
  private static int lastRequestMillis(Usage usage) {
    return usage
        .lastRequestAt()
        .map(last -> Math.toIntExact(Duration.between(usage.hour(), last).toMillis()))
        .orElse(NO_REQUEST);
  }

  private static Amounts amounts(DataInputStream in, List<UsageMeter> meters) throws IOException {
    var steps = new HashMap<UsageMeter, Long>();
    for (var meter : meters) {
      steps.put(meter, in.readLong());
    }
    return Amounts.of(steps);
  }

  private static int checksum(byte[] payload) {
    var crc = new CRC32C();
    crc.update(payload);
    return (int) crc.getValue();
  }
}
