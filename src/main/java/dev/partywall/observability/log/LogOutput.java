package dev.partywall.observability.log;

import dev.partywall.concurrent.OutOfMemory;
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
 * The output of all log lines: a bounded buffer, and a thread that writes its content. Logging
 * threads therefore never wait for the reader of standard output. A line that exceeds the capacity
 * is dropped and counted, and the count is logged when capacity is available again. Lines that must
 * not be lost have a reserve of their own; their writers wait for capacity before they perform the
 * change that a line records.
 *
 * <p>A failing output (the reader is gone, the disk is full) is retried until the process ends.
 * Meanwhile it is treated like a blocked output.
 */
final class LogOutput {
  /**
   * A flush gives up after this many failed attempts, because the output is unlikely to recover.
   */
  static final int MAX_FLUSH_ATTEMPTS = 10;

  /** The time to collect lines: waking a thread costs as much as writing ten lines. */
  private static final long BATCH_DELAY_NANOS = Duration.ofMillis(5).toNanos();

  private final long capacity;
  private final LongFunction<byte[]> dropReport;
  private final Runnable pause;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition filled = lock.newCondition();
  private final Condition emptied = lock.newCondition();
  private final LineWriter out;
  private Queue<byte[]> lines = new ArrayDeque<>();
  private long buffered;
  private long writing;
  private long accepted;
  private long written;
  private long droppedLines;
  private long reported;

  /**
   * Creates an output whose thread is not started.
   *
   * @param capacity in bytes; lines that must not be lost may use 25 % more
   * @param dropReport formats the line that reports the number of dropped lines
   * @param pause sleeps before a failed output is retried
   * @param nanoTime the clock that measures pending writes
   */
  LogOutput(
      WritableByteChannel out,
      long capacity,
      LongFunction<byte[]> dropReport,
      Runnable pause,
      LongSupplier nanoTime) {
    this.out = new LineWriter(out, this::beforeRetry, nanoTime);
    this.capacity = capacity;
    this.dropReport = dropReport;
    this.pause = pause;
  }

  /** Redirects all further writes to {@code other}. */
  void redirectTo(WritableByteChannel other) {
    out.redirectTo(other);
  }

  /** Starts the writer thread. */
  void start() {
    Thread.ofPlatform().daemon().name("log-output").start(this::run);
  }

  /** Queues the line, or drops it if the buffer is full. Never blocks. */
  void offer(byte[] line) {
    lock.lock();
    try {
      if (buffered + line.length > capacity) {
        droppedLines++;
      } else {
        add(line);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Queues the line regardless of capacity. Call {@link #awaitCapacity} first. */
  void put(byte[] line) {
    lock.lock();
    try {
      add(line);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits for capacity for a line that must not be lost.
   *
   * @return false if {@code timeout} expired or the thread was interrupted; the interrupt status
   *     stays set
   */
  boolean awaitCapacity(Duration timeout) {
    var remaining = timeout.toNanos();
    lock.lock();
    try {
      while (!hasCapacity() && remaining > 0) {
        remaining = emptied.awaitNanos(remaining);
      }
      return hasCapacity();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      lock.unlock();
    }
  }

  /** Returns the reason why lines are not written; empty if the output works. */
  Optional<String> problem() {
    return out.problem();
  }

  private boolean hasCapacity() {
    return buffered <= capacity + capacity / 4;
  }

  /** Returns the number of lines dropped since the start. */
  long droppedLines() {
    lock.lock();
    try {
      return droppedLines;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until all accepted lines are written, or until the output has failed repeatedly.
   *
   * @return whether all lines were written within {@code timeout}
   */
  boolean flush(Duration timeout) throws InterruptedException {
    var remaining = timeout.toNanos();
    lock.lock();
    try {
      var target = accepted;
      var maxFailures = out.failureCount() + MAX_FLUSH_ATTEMPTS;
      while (written < target && remaining > 0 && out.failureCount() < maxFailures) {
        remaining = emptied.awaitNanos(remaining);
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
      LockSupport.parkNanos(this, BATCH_DELAY_NANOS);
      try {
        writeLines();
        reportDropped();
      } catch (Error e) {
        OutOfMemory.exitIfCauseOf(e);
        // The thread must survive: without it, no line is ever written.
        pause.run();
      }
    }
  }

  private void writeLines() {
    var batch = take();
    try {
      out.write(batch);
    } catch (Error e) {
      addDropped(batch.size());
      throw e;
    } finally {
      completed(batch.size());
    }
  }

  private void awaitLines() {
    lock.lock();
    try {
      while (lines.isEmpty() && droppedLines == reported) {
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
      writing = buffered;
      return batch;
    } finally {
      lock.unlock();
    }
  }

  // The batch counts as buffered until written. Otherwise a blocked output would buffer two.
  private void completed(int count) {
    lock.lock();
    try {
      buffered -= writing;
      written += count;
      emptied.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Wakes the threads in {@link #flush}, which check the number of failures, and then pauses. */
  private void beforeRetry() {
    lock.lock();
    try {
      emptied.signalAll();
    } finally {
      lock.unlock();
    }
    pause.run();
  }

  private void reportDropped() {
    var count = droppedLines() - reported;
    if (count > 0) {
      out.write(List.of(dropReport.apply(count)));
      reported += count;
    }
  }

  /** Adds to the number of dropped lines. */
  void addDropped(int count) {
    lock.lock();
    try {
      droppedLines += count;
      filled.signal();
    } finally {
      lock.unlock();
    }
  }
}
