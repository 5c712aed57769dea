package dev.partywall.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Sends three times the capacity of the service: first while the service can queue most requests,
 * then while DynamoDB is so slow that most requests are rejected.
 */
final class OverloadPart implements ScalePart {
  private static final int OVERLOAD_FACTOR = 3;
  private static final double CALM_LOAD_SHARE = 0.3;
  private static final int CALM_CONNECTIONS = 64;
  private static final int OVERLOAD_CONNECTIONS = 4_000;

  /**
   * Fewer than the requests that the service queues and the rejections that it delays with this
   * heap. With more, the others are rejected and repeated at once, and rejections take all of the
   * processor time.
   */
  private static final int REJECTION_CONNECTIONS = 5_500;

  private static final int SLOW_TENANTS = 100;

  /** The product's highest concurrency limit per processor. */
  private static final int PERMITS_PER_PROCESSOR = 256;

  private static final double SLOW_QUERY_SECONDS = 1.5;
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

  /** The maximum throughput of a closed loop, and its cost. */
  private record PeakLoad(int connections, double perSecond, double cpuMicros, double p99) {
    /** Returns the processor use of the service in percent of one processor. */
    double processorUse() {
      return perSecond * cpuMicros / 1e4;
    }
  }

  /** An overload and the recovery. */
  private record OverloadPhase(
      LoadMeasurement during, double recoverySeconds, LoadMeasurement after) {}

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
      var queueing =
          measurePhase(
              product, overload(product, OVERLOAD_CONNECTIONS, requests), calm, peak, before);
      var connections = Math.min(REJECTION_CONNECTIONS, OpenFileLimit.maxConnections());
      var rejectingLoad = overload(product, connections, slow);
      // The code for rejections has not run before, so it must first be compiled.
      rejectingLoad.run(context.length().seconds(8), (int) (OVERLOAD_FACTOR * peak.perSecond()));
      var rejecting = measurePhase(product, rejectingLoad, calm, peak, before);
      return table(peak, before, queueing, rejecting);
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

  private ScaleTable table(
      PeakLoad peak, LoadMeasurement before, OverloadPhase queueing, OverloadPhase rejecting) {
    var table =
        new ScaleTable(
            "Overload",
            List.of("peak", "calm", "overload", "after", "DynamoDB slow, overload", "after"));
    var all =
        List.of(before, queueing.during(), queueing.after(), rejecting.during(), rejecting.after());
    addRow(table, "offered", "/s", Double.NaN, all, LoadMeasurement::offeredRate);
    addRow(
        table,
        "reached the service",
        "/s",
        Double.NaN,
        all,
        measurement -> measurement.responses().sentPerSecond());
    addRow(
        table,
        "goodput (200s)",
        "/s",
        peak.perSecond(),
        all,
        measurement -> measurement.responses().goodput());
    addRow(
        table, "p99 of 200s", "ms", peak.p99(), all, measurement -> measurement.successLatency(99));
    addRow(
        table,
        "rejected",
        "%",
        Double.NaN,
        all,
        measurement ->
            measurement.responses().percentage(measurement.responses().rejections().count()));
    addRow(
        table,
        "p99 of rejections",
        "ms",
        Double.NaN,
        all,
        measurement -> measurement.rejectionLatency(99));
    addRow(
        table,
        "broken connections",
        "",
        Double.NaN,
        all,
        measurement -> measurement.responses().brokenConnections());
    addRow(
        table,
        "not sent: no free connection",
        "",
        Double.NaN,
        all,
        measurement -> measurement.responses().unsent());
    addRow(
        table,
        "processor use of the service",
        "%",
        peak.processorUse(),
        all,
        LoadMeasurement::processorUse);
    addRow(
        table,
        "CPU per 200, including rejections",
        "µs",
        peak.cpuMicros(),
        all,
        LoadMeasurement::cpuPerSuccess);
    addConclusions(table, peak, queueing, rejecting);
    return table;
  }

  private static void addRow(
      ScaleTable table,
      String label,
      String unit,
      double peak,
      List<LoadMeasurement> all,
      ToDoubleFunction<LoadMeasurement> figure) {
    var values = new ArrayList<>(List.of(peak));
    all.forEach(measurement -> values.add(figure.applyAsDouble(measurement)));
    table.add(label, unit, values.stream().mapToDouble(Double::doubleValue).toArray());
  }

  private void addConclusions(
      ScaleTable table, PeakLoad peak, OverloadPhase queueing, OverloadPhase rejecting) {
    var none = Double.NaN;
    var goodput = queueing.during().responses().goodput() / peak.perSecond();
    var cost = peak.cpuMicros() / queueing.during().cpuPerSuccess();
    var cpuPerRejection = rejecting.during().cpuPerRejection(peak.cpuMicros());
    table.add("goodput ÷ peak (goal ≥ 0.9)", "", none, none, goodput);
    table.add("200s per processor second ÷ peak", "", none, none, cost);
    var permits = PERMITS_PER_PROCESSOR * pinning.serviceProcessors();
    var possible = permits / SLOW_QUERY_SECONDS;
    table.add(
        "goodput ÷ capacity of the permits (%d ÷ 1.5 s)".formatted(permits),
        "",
        none,
        none,
        none,
        none,
        rejecting.during().responses().goodput() / possible);
    table.add("CPU per rejection", "µs", none, none, none, none, cpuPerRejection);
    table.add(
        "… ÷ per 200 at the peak (goal ≤ 0.1)",
        "",
        none,
        none,
        none,
        none,
        cpuPerRejection / peak.cpuMicros());
    table.add(
        "recovery: time until p99 is within twice the calm p99 (1: in the first second)",
        "s",
        none,
        none,
        none,
        queueing.recoverySeconds(),
        none,
        rejecting.recoverySeconds());
    addNotes(table, peak);
  }

  private void addNotes(ScaleTable table, PeakLoad peak) {
    table.note(pinning.description());
    table.note(
        "Peak: a closed loop over %d connections, the best of 16, 64 and 256."
            .formatted(peak.connections()));
    table.note(
        "Overload: three times the peak is offered, over %,d connections. A connection sends again only"
                .formatted(OVERLOAD_CONNECTIONS)
            + " after its response, so the excess is not sent. The goodput also depends on the driver and the"
            + " stub, which do as much work on their processor. The 200s per processor second depend only on"
            + " the service.");
    table.note(
        "DynamoDB slow: every query takes 1.5 s, so all permits are in use, and a request is rejected after"
            + " 3 s in the queue. The CPU per rejection is the cost of the overload beyond its 200s at the"
            + " cost of the peak.");
  }
}
