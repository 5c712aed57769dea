package dev.partywall.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A service with a number of registered tenants, and its measurements so far. */
final class TenantScenario implements AutoCloseable {
  private static final int CONNECTIONS = 16;

  /** With fewer tenants, random differences between collections distort the heap per tenant. */
  private static final int MIN_TENANTS_FOR_HEAP = 1_000;

  private final int tenants;
  private final ProductProcess product;
  private final Map<WarmSet, RequestMessages> warmRequests;
  private final Map<WarmSet, List<Double>> warmCpuMicros = new EnumMap<>(WarmSet.class);
  private LiveHeap heapBefore;
  private ColdTenantRun.ColdRunCost cold;

  /** The callers of the warm requests: always 1,000. */
  enum WarmSet {
    TEN_TENANTS(10),
    THOUSAND_TENANTS(1_000);

    private static final int CALLERS = 1_000;

    private final int tenants;

    WarmSet(int tenants) {
      this.tenants = tenants;
    }

    RequestMessages requests(StubBackend stub) throws IOException, InterruptedException {
      return new RequestMessages(stub.tokens(tenants, CALLERS / tenants));
    }
  }

  TenantScenario(int tenants, ProductProcess product, Map<WarmSet, RequestMessages> warm) {
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
    product
        .strictLoad(CONNECTIONS, warmRequests.get(WarmSet.TEN_TENANTS))
        .sendCount(requests - coldTenants);
  }

  /** Measures each warm set of registered tenants for {@code time}. */
  void runWarm(Duration time) throws InterruptedException {
    for (var set : WarmSet.values()) {
      if (set.tenants <= tenants) {
        var cpu = warmCpu(warmRequests.get(set), time);
        warmCpuMicros.computeIfAbsent(set, _ -> new ArrayList<>()).add(cpu);
      }
    }
  }

  /** Measures these requests, after loading their tenants into the caches again. */
  private double warmCpu(RequestMessages requests, Duration time) throws InterruptedException {
    var load = product.strictLoad(CONNECTIONS, requests);
    load.sendCount(2 * requests.count());
    var start = product.cpu();
    var outcome = load.runSaturated(time);
    return product.cpuSince(start, outcome.requests());
  }

  int tenants() {
    return tenants;
  }

  /** Returns the processor time per request; empty if the set has more tenants than registered. */
  Optional<Spread> warmCpu(WarmSet set) {
    return Optional.ofNullable(warmCpuMicros.get(set)).map(Spread::of);
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
