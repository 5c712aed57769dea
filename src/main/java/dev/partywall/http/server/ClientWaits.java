package dev.partywall.http.server;

import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * The exchanges that wait for their clients: to send the rest of the header fields, or to take the
 * response. A client can prolong such a wait, and each one occupies memory. Above the limit, the
 * longest wait is aborted: many slow clients then lose their own connections, and the messages of
 * other clients, which arrive within milliseconds, are not affected. A wait that reaches its time
 * limit is aborted, too.
 *
 * <p>The JDK's server has no such limit. An interrupt of the exchange's thread closes the
 * connection, because the thread waits in a read from or a write to the socket.
 */
final class ClientWaits {
  private final int max;
  private final long limitNanos;
  private final LongSupplier nanoTime;
  private final ReentrantLock lock = new ReentrantLock();

  /** The threads of the exchanges, and the start of each wait; the longest wait is first. */
  private final LinkedHashMap<Thread, Long> waiting = new LinkedHashMap<>();

  private long aborted;
  private long expired;

  /**
   * Creates an empty set.
   *
   * @param max the maximum number of exchanges that wait
   * @param limit the longest wait
   * @param nanoTime a monotonic clock in nanoseconds
   */
  ClientWaits(int max, Duration limit, LongSupplier nanoTime) {
    this.max = max;
    this.limitNanos = limit.toNanos();
    this.nanoTime = nanoTime;
  }

  /** Begins a wait of the thread that runs an exchange. */
  void begin(Thread exchange) {
    lock.lock();
    try {
      waiting.put(exchange, nanoTime.getAsLong());
      if (waiting.size() > max) {
        abortLongest();
        aborted++;
      }
    } finally {
      lock.unlock();
    }
  }

  private void abortLongest() {
    waiting.pollFirstEntry().getKey().interrupt();
  }

  /** Aborts every wait that has reached its time limit. Call this periodically. */
  void abortExpired() {
    lock.lock();
    try {
      var now = nanoTime.getAsLong();
      while (!waiting.isEmpty() && now - waiting.firstEntry().getValue() >= limitNanos) {
        abortLongest();
        expired++;
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Ends the wait of the current thread.
   *
   * @throws IOException if the wait was aborted. The interrupt is no longer pending
   */
  void end() throws IOException {
    if (!tryEnd()) {
      Thread.interrupted();
      throw new IOException("the wait for the client was aborted");
    }
  }

  /** Ends the wait of the current thread, and returns whether it was waiting. */
  boolean tryEnd() {
    lock.lock();
    try {
      return waiting.remove(Thread.currentThread()) != null;
    } finally {
      lock.unlock();
    }
  }

  /** Returns the number of waits that were aborted above the maximum number, since the start. */
  long aborted() {
    lock.lock();
    try {
      return aborted;
    } finally {
      lock.unlock();
    }
  }

  /** Returns the number of waits that reached their time limit, since the start. */
  long expired() {
    lock.lock();
    try {
      return expired;
    } finally {
      lock.unlock();
    }
  }
}
