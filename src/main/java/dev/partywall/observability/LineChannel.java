package dev.partywall.observability;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/**
 * Where lines leave this process. It may fail in the middle of a line and be tried again: what has
 * been taken is never written twice.
 */
final class LineChannel {
  /** How a write has gone. */
  enum Taken {
    /** Everything is out. */
    ALL,
    /** A channel that doesn't block has no room at the moment. */
    BUSY,
    /** It does not work. */
    FAILED
  }

  private volatile WritableByteChannel channel;

  LineChannel(WritableByteChannel channel) {
    this.channel = channel;
  }

  /** A file's own channel, or one that takes all of a write or throws. */
  static WritableByteChannel of(OutputStream out) {
    return out instanceof FileOutputStream file ? file.getChannel() : new Whole(out);
  }

  /** From now on lines go there. */
  void to(WritableByteChannel other) {
    channel = other;
  }

  /** Writes them; what has still to go is between their position and their limit. */
  Taken take(ByteBuffer lines) {
    try {
      while (lines.hasRemaining()) {
        if (channel.write(lines) == 0) {
          return Taken.BUSY;
        }
      }
      return Taken.ALL;
    } catch (IOException | RuntimeException | OutOfMemoryError e) {
      // There is nowhere to say it but in the service's health. It is tried again, byte by byte
      // where it stopped, also when there was no memory for the operating system's buffer.
      return Taken.FAILED;
    }
  }

  private record Whole(OutputStream out) implements WritableByteChannel {
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
