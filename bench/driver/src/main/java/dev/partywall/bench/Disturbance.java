package dev.partywall.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;

/** The ways in which a caller can disturb the tenants that share a service with it. */
enum Disturbance {
  NONE("alone") {
    @Override
    void run(ProductProcess product, StubBackend stub, Duration time) {
      // The quiet tenants are alone.
    }
  },
  /** A tenant with 100 requests per second sends 2,000 over 200 connections. */
  FLOOD("(a) 20 times the limit") {
    @Override
    void run(ProductProcess product, StubBackend stub, Duration time)
        throws IOException, InterruptedException {
      var requests = new RequestMessages(stub.tokens("standard-", QuietTenants.COUNT, 1));
      new OpenLoopLoad(product.port(), 200, requests, OpenLoopLoad.LatencyStart.SENT)
          .run(time, 2_000);
    }
  },
  /**
   * Ten requests in flight whose queries take 1.9 s each: the product ends an attempt after 2 s.
   */
  SLOW("(b) 10 slow in flight") {
    @Override
    void run(ProductProcess product, StubBackend stub, Duration time)
        throws IOException, InterruptedException {
      var requests = new RequestMessages(stub.tokens("slow1900-", 0, 1));
      product.lenientLoad(10, requests).runSaturated(time);
    }
  },
  /** 16 tenants send as fast as 200 connections permit. 975 other tenants are quiet. */
  MANY("(c) 16 of 1,000 flood") {
    @Override
    void run(ProductProcess product, StubBackend stub, Duration time)
        throws IOException, InterruptedException {
      var requests = new RequestMessages(stub.tokens("standard-", QuietTenants.COUNT, 16));
      product.lenientLoad(200, requests).runSaturated(time);
    }
  },
  /** Tokens with a wrong signature, each of them different, over 64 connections. */
  FORGED("(d) forged tokens") {
    @Override
    void run(ProductProcess product, StubBackend stub, Duration time)
        throws IOException, InterruptedException {
      var token = stub.tokens("standard-", QuietTenants.COUNT, 1).getFirst();
      product.lenientLoad(64, RequestMessages.forged(token, 20_000)).runSaturated(time);
    }
  },
  /** Clients that send a request and reset the connection, 16 at a time. */
  RESET("(e) GET and RST") {
    @Override
    void run(ProductProcess product, StubBackend stub, Duration time)
        throws IOException, InterruptedException {
      var request = new RequestMessages(stub.tokens("standard-", QuietTenants.COUNT, 1)).of(0);
      inParallel(16, () -> AbortedRequest.repeat(product.port(), request, time));
    }
  };

  private final String label;

  Disturbance(String label) {
    this.label = label;
  }

  private interface Client {
    void run() throws IOException;
  }

  String label() {
    return label;
  }

  /** Disturbs the service for {@code time}. */
  abstract void run(ProductProcess product, StubBackend stub, Duration time)
      throws IOException, InterruptedException;

  private static void inParallel(int count, Client client) throws InterruptedException {
    try (var threads = Executors.newFixedThreadPool(count)) {
      var running =
          threads.invokeAll(
              Collections.nCopies(
                  count,
                  () -> {
                    client.run();
                    return List.of();
                  }));
      for (var result : running) {
        result.get();
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException("a client failed", e.getCause());
    }
  }
}
