package dev.partywall.bench;

import java.io.IOException;
import java.time.Duration;

/**
 * Nine tenants that send 50 requests per second each, half of the rate of their tier, independent
 * of the responses.
 */
final class QuietTenants {
  static final int COUNT = 9;

  private static final int RATE = 50 * COUNT;
  private static final int CONNECTIONS = 64;

  private final OpenLoopLoad load;

  QuietTenants(ProductProcess product, StubBackend stub) throws IOException, InterruptedException {
    var requests = new RequestMessages(stub.tokens("standard-", 0, COUNT));
    this.load =
        new OpenLoopLoad(product.port(), CONNECTIONS, requests, OpenLoopLoad.LatencyStart.DUE);
  }

  /** Sends for {@code time}. */
  ResponseStatistics run(Duration time) throws IOException, InterruptedException {
    return load.run(time, RATE);
  }
}
