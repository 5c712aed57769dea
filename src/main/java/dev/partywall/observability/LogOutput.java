package dev.partywall.observability;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayDeque;
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
 * <p>What the operating system does not take (the reader is gone, the disk is full) is lost and
 * counted, whatever line it is: there is no waiting for somebody who may never come back. It is
 * tried again after a pause.
 */
final class LogOutput {
  private static final int CHUNK = 65_536;

  /** A line waits so long for others: to wake a thread costs as much as to write ten lines. */
  private static final long GATHER_NANOS = Duration.ofMillis(5).toNanos();

  private final long capacity;
  private final LongFunction<byte[]> dropReport;
  private final Runnable pause;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition filled = lock.newCondition();
  private final Condition emptied = lock.newCondition();
  private final ByteArrayOutputStream chunk = new ByteArrayOutputStream(CHUNK);
  private volatile OutputStream out;
  // Touched by the thread that writes alone.
  private boolean failing;
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
  LogOutput(OutputStream out, long capacity, LongFunction<byte[]> dropReport, Runnable pause) {
    this.out = out;
    this.capacity = capacity;
    this.dropReport = dropReport;
    this.pause = pause;
  }

  /** From now on lines go there. */
  void to(OutputStream other) {
    out = other;
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
   * Waits until everything that has been accepted is out.
   *
   * @return whether that was so within {@code patience}
   */
  boolean flush(Duration patience) throws InterruptedException {
    var left = patience.toNanos();
    lock.lock();
    try {
      var target = accepted;
      while (written < target && left > 0) {
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
      var before = batch.size();
      while (!batch.isEmpty() && chunk.size() < CHUNK) {
        chunk.writeBytes(batch.remove());
      }
      if (!goesOut(chunk.toByteArray())) {
        lose(before);
        batch.clear();
        pause.run();
      }
    }
  }

  private void tellDropped() {
    var count = dropped() - reported;
    if (count > 0 && goesOut(dropReport.apply(count))) {
      reported += count;
    } else if (count > 0) {
      pause.run();
    }
  }

  private boolean goesOut(byte[] chunk) {
    try {
      if (failing) {
        // The last line that went out may be torn: what comes now must not be joined to it.
        out.write('\n');
      }
      out.write(chunk);
      out.flush();
      failing = false;
      return true;
    } catch (IOException | RuntimeException e) {
      // There is nowhere left to say it; the count is in the metrics.
      failing = true;
      return false;
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
