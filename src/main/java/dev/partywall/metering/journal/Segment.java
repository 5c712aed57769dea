package dev.partywall.metering.journal;

import dev.partywall.metering.meter.Amounts;
import dev.partywall.metering.meter.Usage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The content of a journal segment: the usage of all records before the first invalid one, summed
 * by tenant and hour, in a fixed order. The same file always yields the same list, so a segment
 * that is shipped again is split into the same batches.
 *
 * @param tornBytes the number of bytes after the last valid record
 * @param damaged whether these bytes were once written completely, which a crash cannot cause. A
 *     record with a changed length is indistinguishable from one that a crash has cut
 */
record Segment(SegmentHeader header, List<Usage> usage, int tornBytes, boolean damaged) {
  /** Returns whether all records are valid. Then the usage contains everything in the file. */
  boolean isComplete() {
    return tornBytes == 0;
  }

  /** Thrown if a file is not a segment. */
  static final class InvalidSegmentException extends IOException {
    private static final long serialVersionUID = 1L;

    InvalidSegmentException() {
      super("Not a segment: the header is invalid");
    }
  }

  /**
   * Reads a segment file.
   *
   * @throws InvalidSegmentException if the file has no valid segment header
   * @throws IOException if the file cannot be read
   */
  static Segment read(Path file) throws IOException {
    return of(ByteBuffer.wrap(Files.readAllBytes(file)));
  }

  static Segment of(ByteBuffer bytes) throws IOException {
    var header = SegmentHeader.decode(bytes).orElseThrow(InvalidSegmentException::new);
    var sums = new TreeMap<Usage.TenantHour, Amounts>(BY_TENANT_AND_HOUR);
    for (var record = SegmentRecord.decode(bytes);
        record != null;
        record = SegmentRecord.decode(bytes)) {
      record.forEach(usage -> sums.merge(usage.tenantHour(), usage.amounts(), Amounts::plus));
    }
    return new Segment(header, usage(sums), bytes.remaining(), SegmentRecord.isDamaged(bytes));
  }

  /**
   * Reads the header of a segment file.
   *
   * @throws InvalidSegmentException if the file has no valid segment header
   */
  static SegmentHeader readHeader(Path file) throws IOException {
    try (var in = Files.newInputStream(file)) {
      var start = ByteBuffer.wrap(in.readNBytes(SegmentHeader.BYTES));
      return SegmentHeader.decode(start).orElseThrow(InvalidSegmentException::new);
    }
  }

  private static List<Usage> usage(Map<Usage.TenantHour, Amounts> sums) {
    return sums.entrySet().stream().map(sum -> new Usage(sum.getKey(), sum.getValue())).toList();
  }

  /** The order must never change. Otherwise a partly shipped segment would be split differently. */
  private static final Comparator<Usage.TenantHour> BY_TENANT_AND_HOUR =
      Comparator.comparing((Usage.TenantHour hour) -> hour.tenant().value())
          .thenComparing(Usage.TenantHour::hour);
}
