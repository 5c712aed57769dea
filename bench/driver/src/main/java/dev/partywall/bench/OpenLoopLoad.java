package dev.partywall.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Sends requests at a fixed rate over any free connection, independent of earlier responses. As
 * with independent clients, a slower service does not get fewer requests.
 */
final class OpenLoopLoad {
  private static final long SECOND = 1_000_000_000L;
  private static final long TICK_NANOS = 500_000;
  private static final long END = Long.MIN_VALUE;
  private static final int MAX_RESPONSE_BYTES = 16_384;

  private final int port;
  private final int connections;
  private final RequestMessages requests;
  private final LatencyStart latencyStart;
  private final AtomicLong turns = new AtomicLong();

  /** The start of a latency if no connection was free at the due time of the request. */
  enum LatencyStart {
    DUE,
    SENT
  }

  /**
   * Limits the requests in flight to {@code connections}. Further due requests wait in the driver.
   */
  OpenLoopLoad(int port, int connections, RequestMessages requests, LatencyStart latencyStart) {
    this.port = port;
    this.connections = connections;
    this.requests = requests;
    this.latencyStart = latencyStart;
  }

  /** Sends {@code rate} requests per second for {@code time}. */
  ResponseStatistics run(Duration time, int rate) throws IOException, InterruptedException {
    return run(open(), time, rate);
  }

  /** Sends over open connections and closes them afterwards. */
  ResponseStatistics run(List<ClientConnection> connections, Duration time, int rate)
      throws InterruptedException {
    var due = new LinkedBlockingQueue<Long>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var running = new ArrayList<Future<ResponseStatistics>>();
      for (var connection : connections) {
        running.add(threads.submit(() -> drive(connection, due)));
      }
      var start = System.nanoTime();
      enqueue(start, time, rate, due);
      var unsent = due.size();
      due.clear();
      connections.forEach(_ -> due.add(END));
      // Responses after the last request count, and so does their time.
      var responses = collect(running);
      return responses.withDuration(System.nanoTime() - start, unsent);
    }
  }

  /** Opens the connections separately, to exclude the cost from a measurement. */
  List<ClientConnection> open() throws IOException {
    var opened = new ArrayList<ClientConnection>(connections);
    for (var index = 0; index < connections; index++) {
      opened.add(new ClientConnection(port, MAX_RESPONSE_BYTES));
    }
    return opened;
  }

  private static void enqueue(long start, Duration time, int rate, LinkedBlockingQueue<Long> due) {
    var enqueued = 0L;
    for (var elapsed = 0L; elapsed < time.toNanos(); elapsed = System.nanoTime() - start) {
      for (var now = start + elapsed; enqueued < rate * (double) elapsed / SECOND; enqueued++) {
        due.add(now);
      }
      LockSupport.parkNanos(TICK_NANOS);
    }
  }

  private ResponseStatistics drive(ClientConnection first, LinkedBlockingQueue<Long> due)
      throws IOException, InterruptedException {
    var responses = new ResponseStatistics();
    var connection = first;
    try {
      while (true) {
        // A late wake-up of the driver never counts.
        var waiting = due.poll();
        var dueAt = waiting == null ? due.take() : waiting;
        if (dueAt == END) {
          return responses;
        }
        var latencyFrom =
            waiting == null || latencyStart == LatencyStart.SENT ? System.nanoTime() : dueAt;
        try {
          var status = connection.send(requests.of(turns.getAndIncrement()));
          responses.add(status, System.nanoTime() - latencyFrom);
        } catch (IOException _) {
          responses.add(0, System.nanoTime() - latencyFrom);
          connection.close();
          connection = new ClientConnection(port, MAX_RESPONSE_BYTES);
        }
      }
    } finally {
      connection.close();
    }
  }

  private static ResponseStatistics collect(Iterable<Future<ResponseStatistics>> running)
      throws InterruptedException {
    var all = new ResponseStatistics();
    try {
      for (var result : running) {
        all.add(result.get());
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException("the load failed", e.getCause());
    }
    return all;
  }
}
