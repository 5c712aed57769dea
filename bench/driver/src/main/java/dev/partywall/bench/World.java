package dev.partywall.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A service that has so many tenants, and what it has shown so far. */
final class World implements AutoCloseable {
  private static final int CONNECTIONS = 16;

  private final int tenants;
  private final Specimen specimen;
  private final Requests warm;
  private final List<Double> cpu = new ArrayList<>();
  private ColdWalk.Cost cold;
  private LiveHeap before;
  private LiveHeap after;
  private double resident;

  World(int tenants, Specimen specimen, Requests warm) {
    this.tenants = tenants;
    this.specimen = specimen;
    this.warm = warm;
  }

  /** Nobody but the warm set has come so far. */
  void before(Duration patience) throws IOException, InterruptedException {
    specimen.settle(patience);
    before = specimen.heap();
  }

  /** So many tenants come who have never been there. */
  void cold(StubProcess stub, int count) throws IOException, InterruptedException {
    cold = new ColdWalk(stub, specimen).go(count);
  }

  /** Asks for the warm set for so long; the first round also brings it back into the caches. */
  void warmRound(Duration time) throws InterruptedException {
    var load = specimen.load(CONNECTIONS, warm);
    load.count(2 * warm.count());
    var start = specimen.cpu();
    var outcome = load.saturate(time);
    cpu.add(specimen.cpuSince(start, outcome.requests()));
  }

  void after(Duration patience) throws IOException, InterruptedException {
    specimen.settle(patience);
    resident = specimen.residentMegabytes();
    after = specimen.heap();
  }

  int tenants() {
    return tenants;
  }

  double warmCpu() {
    return Spread.of(cpu).median();
  }

  ColdWalk.Cost cold() {
    return cold;
  }

  double resident() {
    return resident;
  }

  LiveHeap heapBefore() {
    return before;
  }

  LiveHeap heapAfter() {
    return cold.heap();
  }

  /** What the cold case has added, shared among those who came. */
  double kilobytesATenant() {
    return Math.max(0, cold.heap().bytes() - before.bytes()) / 1_024.0 / cold.tenants();
  }

  /** How many of a class there were at the most. */
  double peak(String name) {
    return Math.max(cold.heap().count(name), after.count(name));
  }

  @Override
  public void close() {
    specimen.close();
  }
}
