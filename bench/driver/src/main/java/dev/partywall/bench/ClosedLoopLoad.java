package dev.partywall.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** Drives a service over a fixed number of connections, each with one request at a time. */
final class ClosedLoopLoad {
  private static final long SECOND = 1_000_000_000L;

  private final int port;
  private final int connections;
  private final RequestMessages requests;
  private final boolean strict;

  ClosedLoopLoad(int port, int connections, RequestMessages requests) {
    this(port, connections, requests, true);
  }

  /** Where it is not {@code strict}, an answer other than 200 is left out and does not end it. */
  ClosedLoopLoad(int port, int connections, RequestMessages requests, boolean strict) {
    this.port = port;
    this.connections = connections;
    this.requests = requests;
    this.strict = strict;
  }

  private interface ConnectionTask {
    void drive(ClientConnection connection, int number, Latencies latencies) throws IOException;
  }

  /** That many requests, as fast as they are answered. */
  LoadOutcome count(int wanted) throws InterruptedException {
    var turns = new AtomicLong();
    return run((connection, _, latencies) -> {
      for (var turn = turns.getAndIncrement(); turn < wanted; turn = turns.getAndIncrement()) {
        ask(connection, turn, System.nanoTime(), latencies);
      }
    });
  }

  /** For so long, each connection asking again as soon as it has its answer. */
  LoadOutcome saturate(Duration time) throws InterruptedException {
    var turns = new AtomicLong();
    var end = System.nanoTime() + time.toNanos();
    return run((connection, _, latencies) -> {
      for (var now = System.nanoTime(); now < end; now = System.nanoTime()) {
        ask(connection, turns.getAndIncrement(), now, latencies);
      }
    });
  }

  /**
   * For so long, at a fixed rate. Where the service keeps a connection busy beyond the next
   * request's time, that request's latency counts from when it was due, so that a pause shows in
   * all that it held up; the driver's own late waking is not put on the service's account.
   */
  LoadOutcome pace(Duration time, int rate) throws InterruptedException {
    var start = System.nanoTime();
    var end = start + time.toNanos();
    var period = SECOND * connections / rate;
    return run((connection, lane, latencies) -> {
      var turn = (long) lane;
      for (var due = start + lane * SECOND / rate; due < end; due += period) {
        var from = System.nanoTime() >= due ? due : wakeAt(due);
        ask(connection, turn, from, latencies);
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

  private void ask(ClientConnection connection, long turn, long from, Latencies latencies)
      throws IOException {
    var status = connection.ask(requests.of(turn));
    if (status == 200) {
      latencies.add(System.nanoTime() - from);
    } else if (strict) {
      throw new IOException("answered " + status + " under load");
    }
  }

  private LoadOutcome run(ConnectionTask lane) throws InterruptedException {
    var start = System.nanoTime();
    try (var threads = Executors.newFixedThreadPool(connections)) {
      var lanes = new ArrayList<Future<Latencies>>();
      for (var number = 0; number < connections; number++) {
        var own = number;
        lanes.add(threads.submit(() -> drive(lane, own)));
      }
      var all = new Latencies();
      for (var done : lanes) {
        all.add(done.get());
      }
      return new LoadOutcome(all, System.nanoTime() - start);
    } catch (ExecutionException e) {
      throw new IllegalStateException("the load did not get through", e.getCause());
    }
  }

  private Latencies drive(ConnectionTask lane, int number) throws IOException {
    var latencies = new Latencies();
    try (var connection = new ClientConnection(port)) {
      lane.drive(connection, number, latencies);
    }
    return latencies;
  }

  /** How it went; of a strict load every answer was a 200, or there is no outcome. */
  record LoadOutcome(Latencies latencies, long nanos) {
    int requests() {
      return latencies.count();
    }

    double perSecond() {
      return requests() * (double) SECOND / nanos;
    }
  }
}
