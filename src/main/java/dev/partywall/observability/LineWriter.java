package dev.partywall.observability;

import dev.partywall.observability.LineChannel.Taken;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * Brings lines out, for as long as that takes: an output that fails is tried again after a pause,
 * and one that has no room at the moment after a short one. One thread writes; any may ask how it
 * goes.
 */
final class LineWriter {
  /** Lines that have not gone out by then are not read, or can't be written. */
  static final Duration LATE = Duration.ofSeconds(5);

  private static final int CHUNK = 65_536;
  private static final long BUSY_NANOS = Duration.ofMillis(5).toNanos();

  private final LineChannel out;
  private final Runnable pause;
  private final LongSupplier nanoTime;
  private final ByteBuffer chunk = ByteBuffer.allocate(CHUNK);
  private final AtomicLong failures = new AtomicLong();
  private volatile boolean failing;
  private volatile boolean writing;
  private volatile long since;

  /**
   * Writes there.
   *
   * @param pause takes some time, before an output that has failed is tried again
   * @param nanoTime says how long a line has been on its way
   */
  LineWriter(WritableByteChannel out, Runnable pause, LongSupplier nanoTime) {
    this.out = new LineChannel(out);
    this.pause = pause;
    this.nanoTime = nanoTime;
  }

  /** From now on lines go there. */
  void to(WritableByteChannel other) {
    out.to(other);
  }

  /** Writes all of them, joined so that they cost few system calls. It makes no objects for it. */
  void write(Collection<byte[]> lines) {
    for (var line : lines) {
      for (var at = 0; at < line.length; ) {
        at += put(line, at);
        if (!chunk.hasRemaining()) {
          writeChunk();
        }
      }
    }
    writeChunk();
  }

  /** How often it has failed since the start. */
  long failures() {
    return failures.get();
  }

  /** Why lines don't come out; empty when they do. */
  Optional<String> problem() {
    if (!writing || nanoTime.getAsLong() - since < LATE.toNanos()) {
      return Optional.empty();
    }
    return Optional.of("standard output " + (failing ? "can't be written" : "is not read"));
  }

  private int put(byte[] line, int from) {
    var length = Math.min(chunk.remaining(), line.length - from);
    chunk.put(line, from, length);
    return length;
  }

  private void writeChunk() {
    since = nanoTime.getAsLong();
    writing = true;
    chunk.flip();
    for (var taken = out.take(chunk); taken != Taken.ALL; taken = out.take(chunk)) {
      await(taken);
    }
    chunk.clear();
    writing = false;
    failing = false;
  }

  private void await(Taken taken) {
    if (taken == Taken.BUSY) {
      LockSupport.parkNanos(this, BUSY_NANOS);
      return;
    }
    failing = true;
    failures.incrementAndGet();
    pause.run();
  }
}
