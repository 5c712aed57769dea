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

  /** Whether all of these went out; if not, they begin now with what has still to go. */
  boolean takes(ByteBuffer lines) {
    try {
      // A channel that doesn't block may take nothing at the moment.
      var taken = 1;
      while (lines.hasRemaining() && taken > 0) {
        taken = channel.write(lines);
      }
    } catch (IOException | RuntimeException e) {
      // There is nowhere to say it but in the service's health, and it is tried again.
      return false;
    }
    return !lines.hasRemaining();
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
