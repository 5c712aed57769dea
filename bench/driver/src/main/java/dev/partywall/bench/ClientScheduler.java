package dev.partywall.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** Runs many clients on one thread, in a fixed period. */
final class ClientScheduler implements AutoCloseable {
  private final List<? extends ScheduledClient> clients;
  private final Thread thread;
  private volatile boolean closed;
  private volatile IOException failure;

  /** A client. Its methods must not block. */
  interface ScheduledClient extends AutoCloseable {
    /** Performs one step. */
    void step() throws IOException;

    @Override
    void close() throws IOException;
  }

  /** Runs each client once per {@code period}. */
  ClientScheduler(List<? extends ScheduledClient> clients, Duration period) {
    this.clients = clients;
    this.thread = Thread.ofPlatform().daemon().start(() -> run(period.toNanos()));
  }

  private void run(long period) {
    for (var next = System.nanoTime(); !closed; next += period) {
      for (var client : clients) {
        runStep(client);
      }
      while (!closed && System.nanoTime() < next + period) {
        LockSupport.parkNanos(next + period - System.nanoTime());
      }
    }
  }

  private void runStep(ScheduledClient client) {
    try {
      client.step();
    } catch (IOException e) {
      failure = e;
    }
  }

  @Override
  public void close() throws IOException {
    closed = true;
    LockSupport.unpark(thread);
    try {
      thread.join();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    for (var client : clients) {
      client.close();
    }
    if (failure != null) {
      throw new IOException("a client failed; the measurement is invalid", failure);
    }
  }
}
