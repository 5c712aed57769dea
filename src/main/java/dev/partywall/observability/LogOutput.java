package dev.partywall.observability;

import java.nio.channels.WritableByteChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;

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
  private final LineWriter out;
  private Queue<byte[]> lines = new ArrayDeque<>();
  private long buffered;
  private long taken;
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
   * @param nanoTime says how long a line has been on its way
   */
  LogOutput(
      WritableByteChannel out,
      long capacity,
      LongFunction<byte[]> dropReport,
      Runnable pause,
      LongSupplier nanoTime) {
    this.out = new LineWriter(out, this::betweenTries, nanoTime);
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
    return out.problem();
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
      var most = out.failures() + MOST_TRIES_AT_END;
      while (written < target && left > 0 && out.failures() < most) {
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
      try {
        writeLines();
        tellDropped();
      } catch (Error e) {
        // For want of memory, perhaps. Without this thread nothing would ever be said again.
        pause.run();
      }
    }
  }

  private void writeLines() {
    var batch = take();
    try {
      out.write(batch);
    } catch (Error e) {
      lose(batch.size());
      throw e;
    } finally {
      done(batch.size());
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
      taken = buffered;
      return batch;
    } finally {
      lock.unlock();
    }
  }

  // The batch counts as buffered until it is out: otherwise a stuck output would hold two of them.
  private void done(int count) {
    lock.lock();
    try {
      buffered -= taken;
      written += count;
      emptied.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Whoever waits for the end of it looks whether it is worth waiting for. */
  private void betweenTries() {
    lock.lock();
    try {
      emptied.signalAll();
    } finally {
      lock.unlock();
    }
    pause.run();
  }

  private void tellDropped() {
    var count = dropped() - reported;
    if (count > 0) {
      out.write(List.of(dropReport.apply(count)));
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
