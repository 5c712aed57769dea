package dev.partywall.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** Very many callers who do very little: one thread goes round and lets each of them do it. */
final class ClientScheduler implements AutoCloseable {
  private final List<? extends ScheduledClient> members;
  private final Thread rounds;
  private volatile boolean closed;
  private volatile IOException failure;

  /** One of them. It must not block. */
  interface ScheduledClient extends AutoCloseable {
    /** Its turn has come. */
    void turn() throws IOException;

    @Override
    void close() throws IOException;
  }

  /** Each has its turn once in every {@code period}. */
  ClientScheduler(List<? extends ScheduledClient> members, Duration period) {
    this.members = members;
    this.rounds = Thread.ofPlatform().daemon().start(() -> goRound(period.toNanos()));
  }

  private void goRound(long period) {
    for (var next = System.nanoTime(); !closed; next += period) {
      for (var member : members) {
        turn(member);
      }
      while (!closed && System.nanoTime() < next + period) {
        LockSupport.parkNanos(next + period - System.nanoTime());
      }
    }
  }

  private void turn(ScheduledClient member) {
    try {
      member.turn();
    } catch (IOException e) {
      failure = e;
    }
  }

  @Override
  public void close() throws IOException {
    closed = true;
    LockSupport.unpark(rounds);
    try {
      rounds.join();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    for (var member : members) {
      member.close();
    }
    if (failure != null) {
      throw new IOException("the crowd was not whole: what was measured is worth nothing", failure);
    }
  }
}
