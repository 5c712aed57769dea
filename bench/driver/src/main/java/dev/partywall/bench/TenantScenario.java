package dev.partywall.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A service with a number of registered tenants, and its measurements so far. */
final class TenantScenario implements AutoCloseable {
  private static final int CONNECTIONS = 16;

  /** With fewer tenants, random differences between collections distort the heap per tenant. */
  private static final int MIN_TENANTS_FOR_HEAP = 1_000;

  private final int tenants;
  private final ProductProcess product;
  private final RequestMessages warmRequests;
  private final List<Double> warmCpuMicros = new ArrayList<>();
  private LiveHeap heapBefore;
  private ColdTenantRun.ColdRunCost cold;

  TenantScenario(int tenants, ProductProcess product, RequestMessages warm) {
    this.tenants = tenants;
    this.product = product;
    this.warmRequests = warm;
  }

  /**
   * Sends the first request of {@code coldTenants} tenants. If other scenarios have more tenants,
   * the warm set adds requests up to {@code requests}, so the JIT processes equally many in all
   * scenarios.
   */
  void runCold(StubBackend stub, int coldTenants, int requests, Duration timeout)
      throws IOException, InterruptedException {
    product.awaitIdle(timeout);
    heapBefore = product.heap();
    cold = new ColdTenantRun(stub, product).run(tenants, coldTenants);
    product.strictLoad(CONNECTIONS, warmRequests).sendCount(requests - coldTenants);
  }

  /** Measures the warm set for {@code time}, after loading it into the caches again. */
  void runWarm(Duration time) throws InterruptedException {
    var load = product.strictLoad(CONNECTIONS, warmRequests);
    load.sendCount(2 * warmRequests.count());
    var start = product.cpu();
    var outcome = load.runSaturated(time);
    warmCpuMicros.add(product.cpuSince(start, outcome.requests()));
  }

  int tenants() {
    return tenants;
  }

  Spread warmCpu() {
    return Spread.of(warmCpuMicros);
  }

  ColdTenantRun.ColdRunCost cold() {
    return cold;
  }

  double residentMebibytes() {
    try {
      return product.residentMebibytes();
    } catch (IOException _) {
      return Double.NaN;
    }
  }

  LiveHeap heapBefore() {
    return heapBefore;
  }

  /** Returns the heap per cached tenant: token, credentials, usage counter and all else. */
  double kibibytesPerTenant() {
    return cold.cached() < MIN_TENANTS_FOR_HEAP
        ? Double.NaN
        : (cold.heapAfterFirstBatch().bytes() - heapBefore.bytes()) / 1_024.0 / cold.cached();
  }

  /** Returns the number of instances of a class after all cold requests. */
  double count(String name) {
    return cold.heapAfterAll().count(name);
  }

  @Override
  public void close() {
    product.close();
  }
}
