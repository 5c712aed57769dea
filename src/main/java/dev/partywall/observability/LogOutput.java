package dev.partywall.observability;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongFunction;

/**
 * The one way out for every line: a bounded buffer, and a thread that empties it. So whoever logs
 * waits for no reader of standard output. A line that finds no room is dropped and counted, and the
 * count goes out as a line as soon as there is room. Lines that must not be lost have some room
 * that other lines can't take; who writes them asks for it before it does what they will tell.
 *
 * <p>An output that fails (the reader is gone, the disk is full) is tried again for as long as this
 * process lives, and is meanwhile one that nobody reads.
 */
final class LogOutput {
  private static final int CHUNK = 65_536;

  /** At the end nobody waits for longer than so many tries: it will hardly come back. */
  static final int MOST_TRIES_AT_END = 10;

  /** A line waits so long for others: to wake a thread costs as much as to write ten lines. */
  private static final long GATHER_NANOS = Duration.ofMillis(5).toNanos();

  private final long capacity;
  private final LongFunction<byte[]> dropReport;
  private final Runnable pause;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition filled = lock.newCondition();
  private final Condition emptied = lock.newCondition();
  private final ByteArrayOutputStream chunk = new ByteArrayOutputStream(CHUNK);
  private final LineChannel out;
  private int failures;
  private Queue<byte[]> lines = new ArrayDeque<>();
  private long buffered;
  private long accepted;
  private long written;
  private long dropped;
  private long reported;

  /**
   * An output that is not running yet.
   *
   * @param capacity in bytes; lines that must not be lost may take a quarter more
   * @param dropReport makes the line that says how many lines were dropped
   * @param pause takes some time, before an output that has failed is tried again
   */
  LogOutput(
      WritableByteChannel out, long capacity, LongFunction<byte[]> dropReport, Runnable pause) {
    this.out = new LineChannel(out);
    this.capacity = capacity;
    this.dropReport = dropReport;
    this.pause = pause;
  }

  /** From now on lines go there. */
  void to(WritableByteChannel other) {
    out.to(other);
  }

  /** Starts the thread that writes. */
  void start() {
    Thread.ofPlatform().daemon().name("log-output").start(this::run);
  }

  /** Writes the line soon, or drops it when there is no room. Never waits for the output. */
  void offer(byte[] line) {
    lock.lock();
    try {
      if (buffered + line.length > capacity) {
        dropped++;
      } else {
        add(line);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Writes the line soon, room or not: whoever calls this has asked {@link #awaitRoom}. */
  void put(byte[] line) {
    lock.lock();
    try {
      add(line);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits for room for a line that must not be lost.
   *
   * @return whether there is; if not, {@code patience} has run out, or this thread was interrupted,
   *     and still is
   */
  boolean awaitRoom(Duration patience) {
    var left = patience.toNanos();
    lock.lock();
    try {
      while (!hasRoom() && left > 0) {
        left = emptied.awaitNanos(left);
      }
      return hasRoom();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      lock.unlock();
    }
  }

  /** Why lines don't come out; empty when they do. */
  Optional<String> problem() {
    lock.lock();
    try {
      if (failures > 0) {
        return Optional.of("standard output can't be written");
      }
      var late = buffered > capacity / 2;
      return late ? Optional.of("standard output is not read in time") : Optional.empty();
    } finally {
      lock.unlock();
    }
  }

  private boolean hasRoom() {
    return buffered <= capacity + capacity / 4;
  }

  /** How many lines have been dropped since the start. */
  long dropped() {
    lock.lock();
    try {
      return dropped;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until everything that has been accepted is out, or the output fails again and again.
   *
   * @return whether all was out within {@code patience}
   */
  boolean flush(Duration patience) throws InterruptedException {
    var left = patience.toNanos();
    lock.lock();
    try {
      var target = accepted;
      while (written < target && left > 0 && failures < MOST_TRIES_AT_END) {
        left = emptied.awaitNanos(left);
      }
      return written >= target;
    } finally {
      lock.unlock();
    }
  }

  private void add(byte[] line) {
    lines.add(line);
    buffered += line.length;
    accepted++;
    filled.signal();
  }

  private void run() {
    while (true) {
      awaitLines();
      LockSupport.parkNanos(this, GATHER_NANOS);
      var batch = take();
      var bytes = batch.stream().mapToLong(line -> line.length).sum();
      var count = batch.size();
      try {
        write(batch);
      } catch (Error e) {
        // For want of memory, perhaps. Without this thread nothing would ever be said again.
        lose(batch.size());
      } finally {
        done(count, bytes);
      }
      tellDropped();
    }
  }

  private void awaitLines() {
    lock.lock();
    try {
      while (lines.isEmpty() && dropped == reported) {
        filled.awaitUninterruptibly();
      }
    } finally {
      lock.unlock();
    }
  }

  private Queue<byte[]> take() {
    lock.lock();
    try {
      var batch = lines;
      lines = new ArrayDeque<>();
      return batch;
    } finally {
      lock.unlock();
    }
  }

  // The batch counts as buffered until it is out: otherwise a stuck output would hold two of them.
  private void done(int count, long bytes) {
    lock.lock();
    try {
      buffered -= bytes;
      written += count;
      emptied.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Joins short lines, so that a batch costs few system calls. */
  private void write(Queue<byte[]> batch) {
    while (!batch.isEmpty()) {
      chunk.reset();
      while (!batch.isEmpty() && chunk.size() < CHUNK) {
        chunk.writeBytes(batch.remove());
      }
      write(chunk.toByteArray());
    }
  }

  private void write(byte[] lines) {
    var left = ByteBuffer.wrap(lines);
    while (!out.takes(left)) {
      failures(failures + 1);
      pause.run();
    }
    if (failures > 0) {
      failures(0);
    }
  }

  private void failures(int now) {
    lock.lock();
    try {
      failures = now;
      emptied.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void tellDropped() {
    var count = dropped() - reported;
    if (count > 0) {
      write(dropReport.apply(count));
      reported += count;
    }
  }

  /** Lines that nobody will see; each of them counts. */
  void lose(int count) {
    lock.lock();
    try {
      dropped += count;
      filled.signal();
    } finally {
      lock.unlock();
    }
  }
}
