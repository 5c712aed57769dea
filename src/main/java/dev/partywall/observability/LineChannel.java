package dev.partywall.observability;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/**
 * Writes lines to a channel. A failed write may be retried, even in the middle of a line: no byte
 * is written twice.
 */
final class LineChannel {
  /** The result of a write. */
  enum WriteResult {
    /** All bytes were written. */
    COMPLETE,
    /** A non-blocking channel accepts no bytes at the moment. */
    WOULD_BLOCK,
    /** The channel threw an exception. */
    FAILED
  }

  private volatile WritableByteChannel channel;

  LineChannel(WritableByteChannel channel) {
    this.channel = channel;
  }

  /** Returns a file's own channel; for other streams, a channel that writes all bytes or throws. */
  static WritableByteChannel channelFor(OutputStream out) {
    return out instanceof FileOutputStream file ? file.getChannel() : new StreamChannel(out);
  }

  /** Redirects all further writes to {@code other}. */
  void redirectTo(WritableByteChannel other) {
    channel = other;
  }

  /** Writes the remaining bytes. Bytes not yet written stay between position and limit. */
  WriteResult write(ByteBuffer lines) {
    try {
      while (lines.hasRemaining()) {
        if (channel.write(lines) == 0) {
          return WriteResult.WOULD_BLOCK;
        }
      }
      return WriteResult.COMPLETE;
    } catch (IOException | RuntimeException | OutOfMemoryError e) {
      // Only the health endpoint can report this. The writer retries from the first unwritten byte,
      // including after a failed allocation of the operating system's buffer.
      return WriteResult.FAILED;
    }
  }

  private record StreamChannel(OutputStream out) implements WritableByteChannel {
    @Override
    public int write(ByteBuffer bytes) throws IOException {
      var length = bytes.remaining();
      out.write(bytes.array(), bytes.arrayOffset() + bytes.position(), length);
      out.flush();
      bytes.position(bytes.limit());
      return length;
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() throws IOException {
      out.close();
    }
  }
}
