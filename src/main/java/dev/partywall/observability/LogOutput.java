package dev.partywall.observability;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongFunction;

/**
 * The one way out for every line: a bounded buffer, and a thread that empties it. So whoever logs
 * waits for no reader of standard output. A line that finds no room is dropped and counted, and the
 * count goes out as a line as soon as there is room. Lines that must not be lost wait for room
 * instead, and have some that other lines can't take.
 */
final class LogOutput {
  private static final int CHUNK = 65_536;

  private final OutputStream out;
  private final long capacity;
  private final LongFunction<byte[]> dropReport;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition filled = lock.newCondition();
  private final Condition emptied = lock.newCondition();
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
   */
  LogOutput(OutputStream out, long capacity, LongFunction<byte[]> dropReport) {
    // Joins short lines, so that a batch costs few system calls.
    this.out = new BufferedOutputStream(out, CHUNK);
    this.capacity = capacity;
    this.dropReport = dropReport;
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

  /** Writes the line, however long it has to wait for room. */
  void put(byte[] line) {
    lock.lock();
    try {
      while (buffered > capacity + capacity / 4) {
        emptied.awaitUninterruptibly();
      }
      add(line);
    } finally {
      lock.unlock();
    }
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
      var batch = take();
      write(batch);
      done(batch);
    }
  }

  private Queue<byte[]> take() {
    lock.lock();
    try {
      while (lines.isEmpty() && dropped == reported) {
        filled.awaitUninterruptibly();
      }
      if (dropped > reported) {
        add(dropReport.apply(dropped - reported));
        reported = dropped;
      }
      var batch = lines;
      lines = new ArrayDeque<>();
      return batch;
    } finally {
      lock.unlock();
    }
  }

  // The batch counts as buffered until it is out: otherwise a stuck output would hold two of them.
  private void done(Queue<byte[]> batch) {
    lock.lock();
    try {
      batch.forEach(line -> buffered -= line.length);
      written += batch.size();
      emptied.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void write(Queue<byte[]> batch) {
    try {
      for (var line : batch) {
        out.write(line);
      }
      out.flush();
    } catch (IOException | RuntimeException e) {
      // There is nowhere left to say it; the count is in the metrics.
      lose(batch.size());
    }
  }

  private void lose(int count) {
    lock.lock();
    try {
      dropped += count;
    } finally {
      lock.unlock();
    }
  }
}
