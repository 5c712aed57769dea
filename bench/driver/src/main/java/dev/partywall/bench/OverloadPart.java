package dev.partywall.bench;

import dev.partywall.bench.OverloadTable.OverloadPhase;
import dev.partywall.bench.OverloadTable.PeakLoad;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Sends three times the capacity of the service: first over two numbers of connections that exceed
 * the permits and the queue, then while DynamoDB is so slow that most requests are rejected.
 */
final class OverloadPart implements ScalePart {
  private static final int OVERLOAD_FACTOR = 3;
  private static final double CALM_LOAD_SHARE = 0.3;
  private static final int CALM_CONNECTIONS = 64;
  private static final int OVERLOAD_CONNECTIONS = 4_000;

  /** Nearly as many as this heap permits. */
  private static final int MANY_CONNECTIONS = 8_000;

  private static final int REJECTION_CONNECTIONS = 5_500;

  private static final int SLOW_TENANTS = 100;

  private static final int MAX_RECOVERY_SECONDS = 20;

  private final ScaleContext context;
  private final CpuPinning pinning;

  OverloadPart(ScaleContext context, CpuPinning pinning) {
    this.context = context;
    this.pinning = pinning;
  }

  @Override
  public String name() {
    return "overload";
  }

  @Override
  public ScaleTable run() throws IOException, InterruptedException {
    var requests = new RequestMessages(context.tokens());
    var slow = new RequestMessages(context.stub().tokens("slow-", 0, SLOW_TENANTS));
    try (var product = context.startWarm(name(), requests)) {
      product.lenientLoad(CALM_CONNECTIONS, requests).runSaturated(context.length().seconds(10));
      var peak = measurePeak(product, requests);
      var calm =
          new OpenLoopLoad(
              product.port(), CALM_CONNECTIONS, requests, OpenLoopLoad.LatencyStart.DUE);
      var before =
          LoadMeasurement.measure(
              product, calm, context.length().seconds(5), CALM_LOAD_SHARE * peak.perSecond());
      var connections = List.of(possible(OVERLOAD_CONNECTIONS), possible(MANY_CONNECTIONS));
      var phases = new ArrayList<OverloadPhase>();
      for (var number : connections) {
        var load = overload(product, number, requests);
        phases.add(measurePhase(product, load, calm, peak, before));
      }
      var rejectingLoad = overload(product, possible(REJECTION_CONNECTIONS), slow);
      // The code for rejections has not run before, so it must first be compiled.
      rejectingLoad.run(context.length().seconds(8), (int) (OVERLOAD_FACTOR * peak.perSecond()));
      phases.add(measurePhase(product, rejectingLoad, calm, peak, before));
      return new OverloadTable(pinning, peak, before, connections, phases).create();
    }
  }

  /** Measures at the number of connections with the highest throughput. */
  private PeakLoad measurePeak(ProductProcess product, RequestMessages requests)
      throws InterruptedException {
    var best = new PeakLoad(0, 0, 0, 0);
    for (var connections : List.of(16, 64, 256)) {
      var before = product.cpu();
      var outcome =
          product.lenientLoad(connections, requests).runSaturated(context.length().seconds(6));
      var cpu = product.cpuSince(before, outcome.requests());
      if (outcome.perSecond() > best.perSecond()) {
        var p99 = outcome.latencies().percentile(99);
        best = new PeakLoad(connections, outcome.perSecond(), cpu, p99);
      }
    }
    return best;
  }

  /** Returns the number of connections, or the highest one that the open files permit. */
  private static int possible(int connections) throws IOException {
    return Math.min(connections, OpenFileLimit.maxConnections());
  }

  private static OpenLoopLoad overload(
      ProductProcess product, int connections, RequestMessages requests) {
    return new OpenLoopLoad(product.port(), connections, requests, OpenLoopLoad.LatencyStart.SENT);
  }

  private OverloadPhase measurePhase(
      ProductProcess product,
      OpenLoopLoad load,
      OpenLoopLoad calm,
      PeakLoad peak,
      LoadMeasurement before)
      throws IOException, InterruptedException {
    var during =
        LoadMeasurement.measure(
            product, load, context.length().seconds(15), OVERLOAD_FACTOR * peak.perSecond());
    var rate = (int) (CALM_LOAD_SHARE * peak.perSecond());
    var recovery = recoverySeconds(calm, rate, 2 * before.successLatency(99));
    return new OverloadPhase(
        during,
        recovery,
        LoadMeasurement.measure(product, calm, context.length().seconds(5), rate));
  }

  /**
   * Returns the time in seconds until the first second with a p99 within {@code bound} and without
   * rejections, or NaN.
   */
  private static double recoverySeconds(OpenLoopLoad calm, int rate, double bound)
      throws IOException, InterruptedException {
    var start = System.nanoTime();
    for (var second = 0; second < MAX_RECOVERY_SECONDS; second++) {
      var responses = calm.run(Duration.ofSeconds(1), rate);
      var allSucceeded = responses.successes().count() == responses.total();
      if (allSucceeded && responses.successes().percentile(99) <= bound) {
        return (System.nanoTime() - start) / 1e9;
      }
    }
    return Double.NaN;
  }
}
