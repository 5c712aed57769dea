package dev.partywall.metering.journal;

import static dev.partywall.metering.meter.MeteredTenant.first;
import static dev.partywall.metering.meter.UsageSamples.ACME;
import static dev.partywall.metering.meter.UsageSamples.EIGHT;
import static dev.partywall.metering.meter.UsageSamples.GLOBEX;
import static dev.partywall.metering.meter.UsageSamples.requests;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.partywall.metering.meter.Amounts;
import dev.partywall.metering.meter.MeteredTenant;
import dev.partywall.metering.meter.Usage;
import dev.partywall.metering.meter.UsageMeter;
import dev.partywall.metering.meter.UsageMeter.KernelMeter;
import dev.partywall.tenancy.TenantId;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

class SegmentRecordTest {
  /** Hours since 1970 until 08:00 on 2026-11-24. */
  private static final int EIGHT_IN_HOURS = 498_752;

  private static final UsageMeter ORDERS_PLACED = UsageMeter.declared("ordersPlaced");
  private static final UsageMeter NOTES_CREATED = UsageMeter.declared("notesCreated");

  /**
   * A segment that release 0.1.0 wrote: a record with all meters of acme at 8:00 and the read units
   * of globex at 9:00, and a record with 10 requests of acme at 8:00.
   */
  static final String FORMAT_1 =
      """
      505755534147450a010d5c1f2e7a514d6f9d355b1f0c2a9e11000000006b0552153b3b72cd
      0000008bf6e5f7fd0700000002000461636d6500079c40
      0000000000000001000000000000000200000000000000030000000000000004
      000000000000000500000000000000060000000000000007
      0006676c6f62657800079c41
      0000000000000000000000000000000000000000000000000000000000000000
      0000000000001d4c00000000000000000000000000000000
      00000047083c1efc0700000001000461636d6500079c40
      000000000000000a000000000000000000000000000000000000000000000000
      000000000000000000000000000000000000000000000000
      """;

  /** Returns the bytes of {@link #FORMAT_1}. */
  static byte[] format1() {
    return HexFormat.of().parseHex(FORMAT_1.replaceAll("\\s", ""));
  }

  @Test
  void readsASegmentOfFormat1() throws IOException {
    var segment = Segment.of(ByteBuffer.wrap(format1()));
    var acme =
        Map.of(
            KernelMeter.REQUESTS,
            11L,
            KernelMeter.BYTES_IN,
            2L,
            KernelMeter.BYTES_OUT,
            3L,
            ORDERS_PLACED,
            4L,
            KernelMeter.READ_UNITS,
            5L,
            KernelMeter.WRITE_UNITS,
            6L,
            KernelMeter.BUSY,
            7L);
    var expected =
        List.of(
            Usage.of(first(ACME), EIGHT, Amounts.of(acme)),
            Usage.of(
                first(GLOBEX), EIGHT.plusSeconds(3600), Amounts.of(KernelMeter.READ_UNITS, 7500)));
    assertEquals(expected, segment.usage());
    assertEquals(0, segment.tornBytes());
  }

  @Test
  void namesMetersUsesIncarnationsAndLastRequestsInFormat4() throws IOException {
    var used = Map.of(KernelMeter.READ_UNITS, 7500L, UsageMeter.route("GET", "/orders/{id}"), 4L);
    var usage =
        List.of(
            Usage.of(first(ACME), EIGHT, Amounts.of(used))
                .withTier("premium")
                .withLastRequestAt(EIGHT.plusMillis(1_234)),
            Usage.of(new MeteredTenant(ACME, 2), EIGHT, Amounts.of(NOTES_CREATED, 2)));
    var expected =
        payload(out -> {
          out.writeShort(3);
          out.writeUTF("readUnits");
          out.writeByte(3);
          out.writeUTF("r_GET /orders/{id}");
          out.writeByte(0);
          out.writeUTF("m_notesCreated");
          out.writeByte(0);
          out.writeInt(2);
          out.writeUTF("acme");
          out.writeInt(EIGHT_IN_HOURS);
          out.writeUTF("premium");
          out.writeInt(1_234);
          out.writeLong(7500);
          out.writeLong(4);
          out.writeLong(0);
          out.writeUTF("acme.2");
          out.writeInt(EIGHT_IN_HOURS);
          out.writeUTF("");
          out.writeInt(-1);
          out.writeLong(0);
          out.writeLong(0);
          out.writeLong(2);
        });
    assertEquals(expected, SegmentRecord.encode(usage));
    assertEquals(usage, SegmentRecord.decode(expected, 4));
  }

  @Test
  void readsARecordOfFormat3WithoutRequestTimes() throws IOException {
    var record =
        payload(out -> {
          out.writeShort(1);
          out.writeUTF("readUnits");
          out.writeByte(3);
          out.writeInt(1);
          out.writeUTF("acme");
          out.writeInt(EIGHT_IN_HOURS);
          out.writeUTF("premium");
          out.writeLong(7500);
        });
    var usage = Usage.of(first(ACME), EIGHT, Amounts.of(KernelMeter.READ_UNITS, 7500));
    assertEquals(List.of(usage.withTier("premium")), SegmentRecord.decode(record, 3));
  }

  @Test
  void readsARecordOfFormat2WithoutTiers() throws IOException {
    var record =
        payload(out -> {
          out.writeShort(2);
          out.writeUTF("readUnits");
          out.writeByte(3);
          out.writeUTF("m_notesCreated");
          out.writeByte(0);
          out.writeInt(2);
          out.writeUTF("acme");
          out.writeInt(EIGHT_IN_HOURS);
          out.writeLong(7500);
          out.writeLong(0);
          out.writeUTF("globex");
          out.writeInt(EIGHT_IN_HOURS);
          out.writeLong(0);
          out.writeLong(2);
        });
    var usage =
        List.of(
            Usage.of(first(ACME), EIGHT, Amounts.of(KernelMeter.READ_UNITS, 7500)),
            Usage.of(first(GLOBEX), EIGHT, Amounts.of(NOTES_CREATED, 2)));
    assertEquals(usage, SegmentRecord.decode(record, 2));
  }

  @Test
  void theLatestRequestOfAllRecordsIsTheLastOfTheHour() throws IOException {
    var bytes = ByteBuffer.allocate(1000);
    bytes.put(SegmentHeader.of(new UUID(1, 2), EIGHT).encode());
    for (var seconds : List.of(5, 9, 7)) {
      var usage = requests(ACME, EIGHT, 1).withLastRequestAt(EIGHT.plusSeconds(seconds));
      bytes.put(SegmentRecord.encode(List.of(usage)));
    }
    assertEquals(
        List.of(requests(ACME, EIGHT, 3).withLastRequestAt(EIGHT.plusSeconds(9))),
        Segment.of(bytes.flip()).usage());
  }

  @Test
  void theFirstRecordWithATierDeterminesTheTierOfTheHour() throws IOException {
    var hour = requests(ACME, EIGHT, 1);
    var records = List.of(hour, hour.withTier("free"), hour.withTier("premium"));
    var bytes = ByteBuffer.allocate(1000);
    bytes.put(SegmentHeader.of(new UUID(1, 2), EIGHT).encode());
    for (var record : records) {
      bytes.put(SegmentRecord.encode(List.of(record)));
    }
    var segment = Segment.of(bytes.flip());
    assertEquals(List.of(requests(ACME, EIGHT, 3).withTier("free")), segment.usage());
  }

  @Test
  void keepsTheAmountsOfAnUnknownMeter() throws IOException {
    var record =
        payload(out -> {
          out.writeShort(2);
          out.writeUTF("diskHours");
          out.writeByte(2);
          out.writeUTF("requests");
          out.writeByte(0);
          out.writeInt(1);
          out.writeUTF("acme");
          out.writeInt(EIGHT_IN_HOURS);
          out.writeLong(150);
          out.writeLong(1);
        });
    var amounts = Map.of(UsageMeter.stored("diskHours", 2), 150L, KernelMeter.REQUESTS, 1L);
    var expected = List.of(Usage.of(first(ACME), EIGHT, Amounts.of(amounts)));
    assertEquals(expected, SegmentRecord.decode(record, 2));
    assertEquals(expected, SegmentRecord.decode(SegmentRecord.encode(expected), 4));
  }

  @Test
  void readsARecordOfFormat1WithFewerMeters() throws IOException {
    var amounts = Amounts.of(Map.of(KernelMeter.REQUESTS, 1L, KernelMeter.BYTES_IN, 2L));
    assertEquals(
        List.of(Usage.of(first(ACME), EIGHT, amounts), Usage.of(first(GLOBEX), EIGHT, amounts)),
        SegmentRecord.decode(record(2, ACME, GLOBEX), 1));
  }

  /** The segment is then kept, because no release has written such a record. */
  @Test
  void rejectsARecordOfFormat1WithMoreMeters() {
    assertThrows(IndexOutOfBoundsException.class, () -> SegmentRecord.decode(record(8, ACME), 1));
  }

  @Test
  void returnsNullAtTheEnd() throws IOException {
    var record = SegmentRecord.encode(List.of(requests(ACME, EIGHT, 1)));
    SegmentRecord.decode(record, 3);
    assertNull(SegmentRecord.decode(record, 3));
  }

  /** Returns a record of format 1 with the amounts 1, 2, 3 and so on, for each tenant at eight. */
  private static ByteBuffer record(int measures, TenantId... tenants) throws IOException {
    return payload(out -> {
      out.writeByte(measures);
      out.writeInt(tenants.length);
      for (var tenant : tenants) {
        out.writeUTF(tenant.value());
        out.writeInt(EIGHT_IN_HOURS);
        for (var amount = 1; amount <= measures; amount++) {
          out.writeLong(amount);
        }
      }
    });
  }

  @FunctionalInterface
  private interface PayloadWriter {
    void write(DataOutputStream out) throws IOException;
  }

  /** Returns a record with this payload. */
  private static ByteBuffer payload(PayloadWriter writer) throws IOException {
    var payload = new ByteArrayOutputStream();
    writer.write(new DataOutputStream(payload));
    var checksum = new CRC32C();
    checksum.update(payload.toByteArray());
    var record = ByteBuffer.allocate(8 + payload.size());
    return record
        .putInt(payload.size())
        .putInt((int) checksum.getValue())
        .put(payload.toByteArray())
        .flip();
  }
}
