package dev.partywall.bench;

import java.io.IOException;
import java.time.Duration;

/** Sends the first request of many tenants. */
final class ColdTenantRun {
  /** Smaller than every cache, so the service has all tenants of the first batch cached. */
  private static final int BATCH = 8_000;

  private static final int CONNECTIONS = 16;
  private static final Duration SETTLE_TIMEOUT = Duration.ofSeconds(30);

  private final StubBackend stub;
  private final ProductProcess product;
  private Duration heapMeasurementCpu = Duration.ZERO;

  ColdTenantRun(StubBackend stub, ProductProcess product) {
    this.stub = stub;
    this.product = product;
  }

  /**
   * The cost of the run.
   *
   * @param cpuMicros processor time per request in microseconds, including background work
   * @param cached the number of tenants before {@code heapAfterFirstBatch}, all still cached
   * @param heapAfterAll the heap immediately after the last request, before the ledger is complete
   */
  record ColdRunCost(
      int tenants,
      double cpuMicros,
      int cached,
      LiveHeap heapAfterFirstBatch,
      LiveHeap heapAfterAll) {}

  /**
   * Sends one request for each of {@code coldTenants}, evenly distributed over all registered
   * tenants. The stub creates tokens between batches, and the service writes its ledger meanwhile.
   */
  ColdRunCost run(int registered, int coldTenants) throws IOException, InterruptedException {
    var before = product.cpu();
    var cached = Math.min(BATCH, coldTenants);
    var step = registered / coldTenants;
    sendFirstRequests(0, cached, step);
    var first = measureHeap();
    for (var from = cached; from < coldTenants; from += BATCH) {
      sendFirstRequests(from, Math.min(BATCH, coldTenants - from), step);
    }
    var last = coldTenants == cached ? first : measureHeap();
    product.awaitIdle(SETTLE_TIMEOUT);
    var spent = product.cpu().minus(before).minus(heapMeasurementCpu);
    return new ColdRunCost(coldTenants, spent.toNanos() / 1e3 / coldTenants, cached, first, last);
  }

  private void sendFirstRequests(int from, int count, int step)
      throws IOException, InterruptedException {
    var requests = new RequestMessages(stub.es256Tokens(from * step, count, step));
    product.strictLoad(CONNECTIONS, requests).sendCount(count);
  }

  /** Measures the heap. The processor time of the collection is excluded from the cost. */
  private LiveHeap measureHeap() throws IOException, InterruptedException {
    var before = product.cpu();
    var heap = product.heap();
    heapMeasurementCpu = heapMeasurementCpu.plus(product.cpu().minus(before));
    return heap;
  }
}
