package dev.partywall.metering.journal;

import dev.partywall.metering.meter.Usage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
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
    var sums = new TreeMap<Usage.TenantHour, Usage>(BY_TENANT_AND_HOUR);
    for (var record = SegmentRecord.decode(bytes, header.format());
        record != null;
        record = SegmentRecord.decode(bytes, header.format())) {
      record.forEach(usage -> sums.merge(usage.tenantHour(), usage, Usage::plus));
    }
    var usage = List.copyOf(sums.values());
    return new Segment(header, usage, bytes.remaining(), SegmentRecord.isDamaged(bytes));
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

  /** The order must never change. Otherwise a partly shipped segment would be split differently. */
  private static final Comparator<Usage.TenantHour> BY_TENANT_AND_HOUR =
      Comparator.comparing(Usage.TenantHour::tenant).thenComparing(Usage.TenantHour::hour);

  /**
   * Appends to a segment. An incomplete append is truncated. If truncation fails, the next append
   * overwrites it; until then the record is invalid.
   */
  static final class SegmentWriter implements AutoCloseable {
    private final Path file;
    private final FileChannel channel;
    private long length;

    private SegmentWriter(Path file, FileChannel channel) {
      this.file = file;
      this.channel = channel;
    }

    /** Creates the channel of a new file. */
    @FunctionalInterface
    interface SegmentChannelFactory {
      FileChannel create(Path file) throws IOException;
    }

    /**
     * Creates a segment.
     *
     * @throws IOException if the segment cannot be created; no file remains
     */
    static SegmentWriter create(Path file, SegmentHeader header, SegmentChannelFactory disk)
        throws IOException {
      var writer = new SegmentWriter(file, disk.create(file));
      try {
        writer.append(header.encode());
        return writer;
      } catch (IOException e) {
        writer.close();
        Files.deleteIfExists(file);
        throw e;
      }
    }

    Path file() {
      return file;
    }

    long length() {
      return length;
    }

    boolean isEmpty() {
      return length <= SegmentHeader.BYTES;
    }

    /**
     * Appends all bytes.
     *
     * @throws IOException if not all bytes could be written; then the append has no effect
     */
    void append(ByteBuffer bytes) throws IOException {
      var end = length + bytes.remaining();
      try {
        while (bytes.hasRemaining()) {
          channel.write(bytes, end - bytes.remaining());
        }
        length = end;
      } catch (IOException e) {
        channel.truncate(length);
        throw e;
      }
    }

    /** Forces the written bytes to disk, so a power failure cannot lose them. */
    void force() throws IOException {
      channel.force(false);
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}
