package dev.partywall.metering.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Appends to a segment. An incomplete append is truncated. If truncation fails, the next append
 * overwrites it; until then the record is invalid.
 */
final class SegmentWriter implements AutoCloseable {
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
