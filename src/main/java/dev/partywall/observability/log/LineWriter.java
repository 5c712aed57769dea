package dev.partywall.observability.log;

import dev.partywall.observability.log.LineWriter.LineChannel.WriteResult;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * Writes lines and retries until they are written: after a pause if the output fails, after 5 ms if
 * a non-blocking output is full. One thread writes; any thread may query the state.
 */
final class LineWriter {
  /** A write pending for this long is reported as a problem. */
  static final Duration STALL_TIMEOUT = Duration.ofSeconds(5);

  private static final int CHUNK_SIZE = 65_536;
  private static final long BUSY_RETRY_NANOS = Duration.ofMillis(5).toNanos();

  private final LineChannel out;
  private final Runnable pause;
  private final LongSupplier nanoTime;
  private final ByteBuffer chunk = ByteBuffer.allocate(CHUNK_SIZE);
  private final AtomicLong failureCount = new AtomicLong();
  private volatile boolean failing;
  private volatile boolean writing;
  private volatile long writeStart;

  /**
   * Creates a writer to {@code out}.
   *
   * @param pause sleeps before a failed output is retried
   * @param nanoTime the clock that measures pending writes
   */
  LineWriter(WritableByteChannel out, Runnable pause, LongSupplier nanoTime) {
    this.out = new LineChannel(out);
    this.pause = pause;
    this.nanoTime = nanoTime;
  }

  /** Redirects all further writes to {@code other}. */
  void redirectTo(WritableByteChannel other) {
    out.redirectTo(other);
  }

  /** Writes all lines, joined into few system calls, without allocating objects. */
  void write(Collection<byte[]> lines) {
    for (var line : lines) {
      for (var offset = 0; offset < line.length; ) {
        offset += put(line, offset);
        if (!chunk.hasRemaining()) {
          writeChunk();
        }
      }
    }
    writeChunk();
  }

  /** Returns the number of failed writes since the start. */
  long failureCount() {
    return failureCount.get();
  }

  /** Returns the reason why lines are not written; empty if the output works. */
  Optional<String> problem() {
    if (!writing || nanoTime.getAsLong() - writeStart < STALL_TIMEOUT.toNanos()) {
      return Optional.empty();
    }
    return Optional.of("standard output " + (failing ? "cannot be written" : "is blocked"));
  }

  private int put(byte[] line, int from) {
    var length = Math.min(chunk.remaining(), line.length - from);
    chunk.put(line, from, length);
    return length;
  }

  private void writeChunk() {
    writeStart = nanoTime.getAsLong();
    writing = true;
    chunk.flip();
    for (var result = out.write(chunk); result != WriteResult.COMPLETE; result = out.write(chunk)) {
      await(result);
    }
    chunk.clear();
    writing = false;
    failing = false;
  }

  private void await(WriteResult result) {
    if (result == WriteResult.WOULD_BLOCK) {
      LockSupport.parkNanos(this, BUSY_RETRY_NANOS);
      return;
    }
    failing = true;
    failureCount.incrementAndGet();
    pause.run();
  }

  /**
   * Writes lines to a channel. A failed write may be retried, even in the middle of a line: no byte
   * is written twice.
   */
  static final class LineChannel {
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

    /**
     * Returns a file's own channel; for other streams, a channel that writes all bytes or throws.
     */
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
      } catch (IOException | RuntimeException e) {
        // Only the health endpoint can report this. The writer retries from the first unwritten
        // byte.
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
}
