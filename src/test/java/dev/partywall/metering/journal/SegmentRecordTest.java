package dev.partywall.metering.journal;

import static dev.partywall.metering.meter.UsageSamples.ACME;
import static dev.partywall.metering.meter.UsageSamples.EIGHT;
import static dev.partywall.metering.meter.UsageSamples.GLOBEX;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.partywall.metering.meter.Amounts;
import dev.partywall.metering.meter.Usage;
import dev.partywall.metering.meter.UsageMeter;
import dev.partywall.tenancy.TenantId;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

class SegmentRecordTest {
  /** Hours since 1970 until 08:00 on 2026-11-24. */
  private static final int EIGHT_IN_HOURS = 498_752;

  @Test
  void writesFormat1() throws IOException {
    var amounts =
        Amounts.of(measure ->
            switch (measure) {
              case REQUESTS -> 1;
              case BYTES_IN -> 2;
              case BYTES_OUT -> 3;
              case ORDERS_PLACED -> 4;
              case READ_UNITS -> 5;
              case WRITE_UNITS -> 6;
              case BUSY -> 7;
            });
    var record = SegmentRecord.encode(List.of(Usage.of(ACME, EIGHT, amounts)));
    assertEquals(record(7, ACME), record);
  }

  @Test
  void readsARecordOfAReleaseWithFewerMeasures() throws IOException {
    var usage = Objects.requireNonNull(SegmentRecord.decode(record(2, ACME, GLOBEX)));
    var expected = amounts(1, 2, 0);
    assertEquals(
        List.of(Usage.of(ACME, EIGHT, expected), Usage.of(GLOBEX, EIGHT, expected)), usage);
  }

  @Test
  void ignoresTheMeasuresOfALaterRelease() throws IOException {
    var usage = Objects.requireNonNull(SegmentRecord.decode(record(9, ACME, GLOBEX)));
    assertEquals(List.of(ACME, GLOBEX), usage.stream().map(Usage::tenant).toList());
    usage.forEach(each -> assertEquals(7, each.amounts().steps(UsageMeter.BUSY)));
  }

  private static Amounts amounts(long requests, long bytesIn, long others) {
    return Amounts.of(measure ->
        switch (measure) {
          case REQUESTS -> requests;
          case BYTES_IN -> bytesIn;
          default -> others;
        });
  }

  /** Returns a record with the amounts 1, 2, 3 and so on, for each tenant at eight. */
  private static ByteBuffer record(int measures, TenantId... tenants) throws IOException {
    var payload = new ByteArrayOutputStream();
    var out = new DataOutputStream(payload);
    out.writeByte(measures);
    out.writeInt(tenants.length);
    for (var tenant : tenants) {
      out.writeUTF(tenant.value());
      out.writeInt(EIGHT_IN_HOURS);
      for (var amount = 1; amount <= measures; amount++) {
        out.writeLong(amount);
      }
    }
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
