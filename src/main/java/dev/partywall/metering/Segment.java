package dev.partywall.metering;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A segment of the journal, read back: the usage of all its records that hold, up to the first that
 * does not, added up by tenant and hour and in an order of its own. The same file always gives the
 * same, so that a segment which is shipped again is cut into the same parts again.
 *
 * @param tornBytes behind the last record that holds
 * @param damaged whether those were surely whole once: no crash does that. A record whose length
 *     was changed looks like one that a crash has cut
 */
record Segment(SegmentHeader header, List<Usage> usage, int tornBytes, boolean damaged) {
  /** Whether all of it holds: then the file has nothing that its usage has not. */
  boolean isWhole() {
    return tornBytes == 0;
  }

  /** Says that a file is no segment. */
  static final class NotOne extends IOException {
    private static final long serialVersionUID = 1L;

    NotOne() {
      super("not a segment: it has no header that holds");
    }
  }

  /**
   * Reads the file.
   *
   * @throws NotOne when it does not begin as segments do
   * @throws IOException when it can't be read
   */
  static Segment read(Path file) throws IOException {
    return of(ByteBuffer.wrap(Files.readAllBytes(file)));
  }

  static Segment of(ByteBuffer bytes) throws IOException {
    var header = SegmentHeader.decode(bytes).orElseThrow(NotOne::new);
    var sums = new TreeMap<Usage.Slot, Amounts>(IN_ORDER);
    for (var record = SegmentRecord.decode(bytes);
        record != null;
        record = SegmentRecord.decode(bytes)) {
      record.forEach(it -> sums.merge(it.slot(), it.amounts(), Amounts::plus));
    }
    return new Segment(header, usage(sums), bytes.remaining(), SegmentRecord.wasWhole(bytes));
  }

  /**
   * How the file begins.
   *
   * @throws NotOne when it does not begin as segments do
   */
  static SegmentHeader headerOf(Path file) throws IOException {
    try (var in = Files.newInputStream(file)) {
      var start = ByteBuffer.wrap(in.readNBytes(SegmentHeader.BYTES));
      return SegmentHeader.decode(start).orElseThrow(NotOne::new);
    }
  }

  private static List<Usage> usage(Map<Usage.Slot, Amounts> sums) {
    return sums.entrySet().stream().map(it -> new Usage(it.getKey(), it.getValue())).toList();
  }

  /** The order must never change, or a segment that is half shipped would be cut differently. */
  private static final Comparator<Usage.Slot> IN_ORDER =
      Comparator.comparing((Usage.Slot slot) -> slot.tenant().value())
          .thenComparing(Usage.Slot::hour);
}
