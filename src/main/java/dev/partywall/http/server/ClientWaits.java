package dev.partywall.http.server;

import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The exchanges that wait for their clients: to send the rest of the header fields, or to take the
 * response. A client can prolong such a wait, and each one occupies memory. Above the limit, the
 * longest wait is aborted: many slow clients then lose their own connections, and the messages of
 * other clients, which arrive within milliseconds, are not affected.
 *
 * <p>The JDK's server has no such limit. An interrupt of the exchange's thread closes the
 * connection, because the thread waits in a read from or a write to the socket.
 */
final class ClientWaits {
  private final int max;
  private final ReentrantLock lock = new ReentrantLock();

  /** The threads of the exchanges; the longest wait is first. */
  private final LinkedHashSet<Thread> waiting = new LinkedHashSet<>();

  private long aborted;

  /**
   * Creates an empty set.
   *
   * @param max the maximum number of exchanges that wait
   */
  ClientWaits(int max) {
    this.max = max;
  }

  /** Begins a wait of the thread that runs an exchange. */
  void begin(Thread exchange) {
    lock.lock();
    try {
      waiting.add(exchange);
      if (waiting.size() > max) {
        waiting.removeFirst().interrupt();
        aborted++;
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
      return waiting.remove(Thread.currentThread());
    } finally {
      lock.unlock();
    }
  }

  /** Returns the number of waits that were aborted since the start. */
  long aborted() {
    lock.lock();
    try {
      return aborted;
    } finally {
      lock.unlock();
    }
  }
}
