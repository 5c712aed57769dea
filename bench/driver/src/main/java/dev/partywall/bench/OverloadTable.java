package dev.partywall.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * The table of an overload.
 *
 * @param pinning the processors of the service
 * @param peak the maximum throughput of a closed loop
 * @param calm the load before the first overload
 * @param phases an overload of each of {@code connections}, and one while DynamoDB is slow
 */
record OverloadTable(
    CpuPinning pinning,
    PeakLoad peak,
    LoadMeasurement calm,
    List<Integer> connections,
    List<OverloadPhase> phases) {
  /** The product's highest concurrency limit per processor. */
  private static final int PERMITS_PER_PROCESSOR = 256;

  private static final double SLOW_QUERY_SECONDS = 1.5;

  /** The maximum throughput of a closed loop, and its cost. */
  record PeakLoad(int connections, double perSecond, double cpuMicros, double p99) {
    /** Returns the processor use of the service in percent of one processor. */
    double processorUse() {
      return perSecond * cpuMicros / 1e4;
    }
  }

  /** An overload and the recovery. */
  record OverloadPhase(LoadMeasurement during, double recoverySeconds, LoadMeasurement after) {
    private double goodput() {
      return during.responses().goodput();
    }
  }

  ScaleTable create() {
    var table = new ScaleTable("Overload", columns());
    addLoads(table);
    addOverloads(table, "goodput ÷ peak (goal ≥ 0.9)", phase -> phase.goodput() / peak.perSecond());
    addOverloads(
        table,
        "200s per processor second ÷ peak",
        phase -> peak.cpuMicros() / phase.during().cpuPerSuccess());
    addSlowDynamo(table);
    addRecovery(table);
    addNotes(table);
    return table;
  }

  private List<String> columns() {
    var columns = new ArrayList<>(List.of("peak", "calm"));
    for (var number : connections) {
      columns.addAll(List.of("%,d connections".formatted(number), "after"));
    }
    columns.addAll(List.of("DynamoDB slow, overload", "after"));
    return columns;
  }

  private void addLoads(ScaleTable table) {
    var none = Double.NaN;
    addRow(table, "offered", "/s", none, LoadMeasurement::offeredRate);
    addRow(
        table,
        "reached the service",
        "/s",
        none,
        measurement -> measurement.responses().sentPerSecond());
    addRow(
        table,
        "goodput (200s)",
        "/s",
        peak.perSecond(),
        measurement -> measurement.responses().goodput());
    addRow(table, "p99 of 200s", "ms", peak.p99(), measurement -> measurement.successLatency(99));
    addRow(
        table,
        "rejected",
        "%",
        none,
        measurement ->
            measurement.responses().percentage(measurement.responses().rejections().count()));
    addRow(table, "p99 of rejections", "ms", none, measurement -> measurement.rejectionLatency(99));
    addRow(
        table,
        "broken connections",
        "",
        none,
        measurement -> measurement.responses().brokenConnections());
    addRow(
        table,
        "not sent: no free connection",
        "",
        none,
        measurement -> measurement.responses().unsent());
    addRow(
        table,
        "processor use of the service",
        "%",
        peak.processorUse(),
        LoadMeasurement::processorUse);
    addRow(
        table,
        "CPU per 200, including rejections",
        "µs",
        peak.cpuMicros(),
        LoadMeasurement::cpuPerSuccess);
  }

  private void addRow(
      ScaleTable table,
      String label,
      String unit,
      double ofPeak,
      ToDoubleFunction<LoadMeasurement> figure) {
    var values = new ArrayList<>(List.of(ofPeak, figure.applyAsDouble(calm)));
    for (var phase : phases) {
      values.add(figure.applyAsDouble(phase.during()));
      values.add(figure.applyAsDouble(phase.after()));
    }
    add(table, label, unit, values);
  }

  /** Adds a figure of each overload with a DynamoDB that is not slow. */
  private void addOverloads(
      ScaleTable table, String label, ToDoubleFunction<OverloadPhase> figure) {
    var values = new ArrayList<>(List.of(Double.NaN, Double.NaN));
    for (var phase : phases.subList(0, connections.size())) {
      values.add(figure.applyAsDouble(phase));
      values.add(Double.NaN);
    }
    add(table, label, "", values);
  }

  private void addSlowDynamo(ScaleTable table) {
    var slow = phases.getLast();
    var permits = PERMITS_PER_PROCESSOR * pinning.serviceProcessors();
    addSlow(
        table,
        "goodput ÷ capacity of the permits (%d ÷ 1.5 s)".formatted(permits),
        "",
        slow.goodput() / (permits / SLOW_QUERY_SECONDS));
    var cpuPerRejection = slow.during().cpuPerRejection(peak.cpuMicros());
    addSlow(table, "CPU per rejection", "µs", cpuPerRejection);
    addSlow(table, "… ÷ per 200 at the peak (goal ≤ 0.1)", "", cpuPerRejection / peak.cpuMicros());
  }

  private void addSlow(ScaleTable table, String label, String unit, double value) {
    var values = new ArrayList<Double>();
    for (var column = 0; column < 2 * phases.size(); column++) {
      values.add(Double.NaN);
    }
    values.add(value);
    add(table, label, unit, values);
  }

  private void addRecovery(ScaleTable table) {
    var values = new ArrayList<>(List.of(Double.NaN, Double.NaN));
    for (var phase : phases) {
      values.add(Double.NaN);
      values.add(phase.recoverySeconds());
    }
    add(
        table,
        "recovery: time until p99 is within twice the calm p99 (1: in the first second)",
        "s",
        values);
  }

  private static void add(ScaleTable table, String label, String unit, List<Double> values) {
    table.add(label, unit, values.stream().mapToDouble(Double::doubleValue).toArray());
  }

  private void addNotes(ScaleTable table) {
    table.note(pinning.description());
    table.note(
        "Peak: a closed loop over %d connections, the best of 16, 64 and 256."
            .formatted(peak.connections()));
    table.note(
        "Overload: three times the peak is offered. A connection sends again only"
            + " after its response, so the excess is not sent. The goodput also depends on the driver and the"
            + " stub, which do as much work on their processor. The 200s per processor second depend only on"
            + " the service.");
    table.note(
        "DynamoDB slow: every query takes 1.5 s, so all permits are in use, and a request is rejected after"
            + " 3 s in the queue. The CPU per rejection is the cost of the overload beyond its 200s at the"
            + " cost of the peak.");
  }
}
