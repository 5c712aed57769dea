package dev.partywall.metering;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Appends to a segment. What could not be written whole is cut off again; where even that fails, it
 * is written over by what comes next, and does not hold until then.
 */
final class SegmentWriter implements AutoCloseable {
  private final Path file;
  private final FileChannel channel;
  private long length;

  private SegmentWriter(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /** Opens a file that is not there yet. */
  @FunctionalInterface
  interface Disk {
    FileChannel create(Path file) throws IOException;
  }

  /**
   * Begins a segment.
   *
   * @throws IOException when it can't be begun; then there is no file
   */
  static SegmentWriter begin(Path file, SegmentHeader header, Disk disk) throws IOException {
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
   * Writes all of it.
   *
   * @throws IOException when it could not be written whole: then it does not count
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

  /** Has what was written put to disk, so that a power cut can't take it. */
  void force() throws IOException {
    channel.force(false);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
