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
 * Requests at a fixed rate, whether or not the earlier ones have been answered: by whichever
 * connection is free. As with strangers, a service that gets slower does not get fewer of them.
 */
final class OpenLoopLoad {
  private static final long SECOND = 1_000_000_000L;
  private static final long BEAT = 500_000;
  private static final long END = Long.MIN_VALUE;
  private static final int LONGEST_ANSWER = 16_384;

  private final int port;
  private final int lanes;
  private final RequestMessages requests;
  private final LatencyStart since;
  private final AtomicLong turns = new AtomicLong();

  /** From when on a latency counts where no connection was free when its request was due. */
  enum LatencyStart {
    DUE,
    SENT
  }

  /** So many can be without an answer at once; what is due beyond that waits in the driver. */
  OpenLoopLoad(int port, int lanes, RequestMessages requests, LatencyStart since) {
    this.port = port;
    this.lanes = lanes;
    this.requests = requests;
    this.since = since;
  }

  /** For so long, so many a second. */
  ResponseStatistics offer(Duration time, int rate) throws IOException, InterruptedException {
    return offer(open(), time, rate);
  }

  /** The same over connections that are there; afterwards they are closed. */
  ResponseStatistics offer(List<ClientConnection> connections, Duration time, int rate) throws InterruptedException {
    var due = new LinkedBlockingQueue<Long>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var running = new ArrayList<Future<ResponseStatistics>>();
      for (var connection : connections) {
        running.add(threads.submit(() -> drive(connection, due)));
      }
      var start = System.nanoTime();
      beat(start, time, rate, due);
      var never = due.size();
      due.clear();
      connections.forEach(_ -> due.add(END));
      // What is still answered after the last request counts, and so does the time that it takes.
      var answers = all(running);
      return answers.over(System.nanoTime() - start, never);
    }
  }

  /** By itself, where what that costs is not to be counted. */
  List<ClientConnection> open() throws IOException {
    var connections = new ArrayList<ClientConnection>(lanes);
    for (var lane = 0; lane < lanes; lane++) {
      connections.add(new ClientConnection(port, LONGEST_ANSWER));
    }
    return connections;
  }

  private static void beat(long start, Duration time, int rate, LinkedBlockingQueue<Long> due) {
    var told = 0L;
    for (var passed = 0L; passed < time.toNanos(); passed = System.nanoTime() - start) {
      for (var now = start + passed; told < rate * (double) passed / SECOND; told++) {
        due.add(now);
      }
      LockSupport.parkNanos(BEAT);
    }
  }

  private ResponseStatistics drive(ClientConnection first, LinkedBlockingQueue<Long> due)
      throws IOException, InterruptedException {
    var answers = new ResponseStatistics();
    var connection = first;
    try {
      while (true) {
        // Our own late waking never counts.
        var waiting = due.poll();
        var taken = waiting == null ? due.take() : waiting;
        if (taken == END) {
          return answers;
        }
        var from = waiting == null || since == LatencyStart.SENT ? System.nanoTime() : taken;
        try {
          var status = connection.ask(requests.of(turns.getAndIncrement()));
          answers.add(status, System.nanoTime() - from);
        } catch (IOException _) {
          answers.add(0, System.nanoTime() - from);
          connection.close();
          connection = new ClientConnection(port, LONGEST_ANSWER);
        }
      }
    } finally {
      connection.close();
    }
  }

  private static ResponseStatistics all(Iterable<Future<ResponseStatistics>> running) throws InterruptedException {
    var all = new ResponseStatistics();
    try {
      for (var lane : running) {
        all.add(lane.get());
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException("the load did not get through", e.getCause());
    }
    return all;
  }
}
