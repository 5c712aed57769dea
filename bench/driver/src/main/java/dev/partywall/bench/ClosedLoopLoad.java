package dev.partywall.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/** Sends requests over a fixed number of connections, one request at a time per connection. */
final class ClosedLoopLoad {
  private static final long SECOND = 1_000_000_000L;

  private final int port;
  private final int connections;
  private final RequestMessages requests;
  private final boolean strict;
  private final LongAdder responses = new LongAdder();

  ClosedLoopLoad(int port, int connections, RequestMessages requests) {
    this(port, connections, requests, true);
  }

  /** If not {@code strict}, a response other than 200 is ignored instead of ending the load. */
  ClosedLoopLoad(int port, int connections, RequestMessages requests, boolean strict) {
    this.port = port;
    this.connections = connections;
    this.requests = requests;
    this.strict = strict;
  }

  private interface ConnectionTask {
    void run(ClientConnection connection, int number, Latencies latencies) throws IOException;
  }

  /** Sends {@code total} requests as fast as possible. */
  LoadOutcome sendCount(int total) throws InterruptedException {
    var turns = new AtomicLong();
    return run((connection, _, latencies) -> {
      for (var turn = turns.getAndIncrement(); turn < total; turn = turns.getAndIncrement()) {
        send(connection, turn, System.nanoTime(), latencies);
      }
    });
  }

  /** Sends for {@code time}. Each connection sends again immediately after a response. */
  LoadOutcome runSaturated(Duration time) throws InterruptedException {
    var turns = new AtomicLong();
    var end = System.nanoTime() + time.toNanos();
    return run((connection, _, latencies) -> {
      for (var now = System.nanoTime(); now < end; now = System.nanoTime()) {
        send(connection, turns.getAndIncrement(), now, latencies);
      }
    });
  }

  /**
   * Sends for {@code time}, as {@link #runSaturated}, but each connection always for the same
   * caller.
   */
  LoadOutcome runSeparately(Duration time) throws InterruptedException {
    var end = System.nanoTime() + time.toNanos();
    return run((connection, number, latencies) -> {
      for (var now = System.nanoTime(); now < end; now = System.nanoTime()) {
        send(connection, number, now, latencies);
      }
    });
  }

  /**
   * Sends at a fixed rate for {@code time}. If the service keeps a connection busy beyond the due
   * time of the next request, the latency of that request counts from its due time. A pause thus
   * affects every delayed request. A late wake-up of the driver does not count.
   */
  LoadOutcome runPaced(Duration time, int rate) throws InterruptedException {
    var start = System.nanoTime();
    var end = start + time.toNanos();
    var period = SECOND * connections / rate;
    return run((connection, connectionIndex, latencies) -> {
      var turn = (long) connectionIndex;
      for (var due = start + connectionIndex * SECOND / rate; due < end; due += period) {
        var from = System.nanoTime() >= due ? due : wakeAt(due);
        send(connection, turn, from, latencies);
        turn += connections;
      }
    });
  }

  private static long wakeAt(long due) {
    for (var left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
    return System.nanoTime();
  }

  private void send(ClientConnection connection, long turn, long from, Latencies latencies)
      throws IOException {
    var status = connection.send(requests.of(turn));
    responses.increment();
    if (status == 200) {
      latencies.add(System.nanoTime() - from);
    } else if (strict) {
      throw new IOException("status " + status + " under load");
    }
  }

  private LoadOutcome run(ConnectionTask task) throws InterruptedException {
    var start = System.nanoTime();
    try (var threads = Executors.newFixedThreadPool(connections)) {
      var results = new ArrayList<Future<Latencies>>();
      for (var number = 0; number < connections; number++) {
        var index = number;
        results.add(threads.submit(() -> drive(task, index)));
      }
      var all = new Latencies();
      for (var result : results) {
        all.add(result.get());
      }
      return new LoadOutcome(all, System.nanoTime() - start, responses.sumThenReset());
    } catch (ExecutionException e) {
      throw new IllegalStateException("the load failed", e.getCause());
    }
  }

  private Latencies drive(ConnectionTask task, int number) throws IOException {
    var latencies = new Latencies();
    try (var connection = new ClientConnection(port)) {
      task.run(connection, number, latencies);
    }
    return latencies;
  }

  /**
   * The result of a load. A strict load returns a result only if every status was 200.
   *
   * @param latencies of the 200s
   * @param responses the number of all responses
   */
  record LoadOutcome(Latencies latencies, long nanos, long responses) {
    int requests() {
      return latencies.count();
    }

    double perSecond() {
      return requests() * (double) SECOND / nanos;
    }
  }
}
