package dev.partywall.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A service that has so many tenants, and what it has shown so far. */
final class TenantScenario implements AutoCloseable {
  private static final int CONNECTIONS = 16;

  /** Fewer than these share what a collection leaves by chance among too few. */
  private static final int ENOUGH_TO_SHARE = 1_000;

  private final int tenants;
  private final ProductProcess specimen;
  private final RequestMessages warm;
  private final List<Double> cpu = new ArrayList<>();
  private LiveHeap before;
  private ColdTenantRun.ColdRunCost cold;

  TenantScenario(int tenants, ProductProcess specimen, RequestMessages warm) {
    this.tenants = tenants;
    this.specimen = specimen;
    this.warm = warm;
  }

  /**
   * So many of its tenants come who have never been there. Where they are fewer than in the other
   * worlds, the warm set comes instead, so that the JIT has seen as much everywhere.
   */
  void explore(StubBackend stub, int comers, int requests, Duration patience)
      throws IOException, InterruptedException {
    specimen.settle(patience);
    before = specimen.heap();
    cold = new ColdTenantRun(stub, specimen).go(tenants, comers);
    specimen.strictLoad(CONNECTIONS, warm).count(requests - comers);
  }

  /** Asks for the warm set for so long, once it is back in the caches. */
  void warmRound(Duration time) throws InterruptedException {
    var load = specimen.strictLoad(CONNECTIONS, warm);
    load.count(2 * warm.count());
    var start = specimen.cpu();
    var outcome = load.saturate(time);
    cpu.add(specimen.cpuSince(start, outcome.requests()));
  }

  int tenants() {
    return tenants;
  }

  Spread warmCpu() {
    return Spread.of(cpu);
  }

  ColdTenantRun.ColdRunCost cold() {
    return cold;
  }

  double resident() {
    try {
      return specimen.residentMebibytes();
    } catch (IOException _) {
      return Double.NaN;
    }
  }

  LiveHeap heapBefore() {
    return before;
  }

  /** What a tenant takes for as long as it is known: token, credentials, tally and all else. */
  double kibibytesATenant() {
    return cold.known() < ENOUGH_TO_SHARE
        ? Double.NaN
        : (cold.first().bytes() - before.bytes()) / 1_024.0 / cold.known();
  }

  /** How many of a class there were once all had come. */
  double count(String name) {
    return cold.last().count(name);
  }

  @Override
  public void close() {
    specimen.close();
  }
}
