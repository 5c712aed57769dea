package dev.partywall.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** Measures other clients during an abusive load: a moderate, fixed rate of requests. */
final class BackgroundLoad {
  private static final int RATE = 500;
  private static final int CONNECTIONS = 64;

  private final ProductProcess product;
  private final OpenLoopLoad load;
  private final List<Observation> observations = new ArrayList<>();

  BackgroundLoad(ProductProcess product, RequestMessages requests) {
    this.product = product;
    this.load =
        new OpenLoopLoad(product.port(), CONNECTIONS, requests, OpenLoopLoad.LatencyStart.DUE);
  }

  private record Observation(
      ResponseStatistics responses,
      double cpuMicros,
      double residentMebibytes,
      double liveHeapMebibytes) {
    double notServedPercent() {
      return 100.0
          * (responses.total() - responses.successes().count())
          / Math.max(1, responses.total());
    }

    double percentile(double percent) {
      return responses.successes().count() == 0
          ? Double.NaN
          : responses.successes().percentile(percent);
    }
  }

  /** Measures for {@code time}. */
  void measure(Duration time) throws IOException, InterruptedException {
    var before = product.cpu();
    var responses = load.run(time, RATE);
    var cpu = product.cpuSince(before, Math.max(1, responses.total()));
    var resident = product.residentMebibytes();
    observations.add(
        new Observation(responses, cpu, resident, ProductProcess.mebibytes(product.heap())));
  }

  /** Adds one column per measurement. */
  void addTo(ScaleTable table) {
    row(table, "others' p50", "ms", observation -> observation.percentile(50));
    row(table, "others' p99", "ms", observation -> observation.percentile(99));
    row(table, "others not served", "%", Observation::notServedPercent);
    row(
        table,
        "CPU per request of others, including the abusive load",
        "µs",
        Observation::cpuMicros);
    row(table, "resident memory", "MiB", Observation::residentMebibytes);
    row(table, "live heap after a full GC", "MiB", Observation::liveHeapMebibytes);
  }

  private void row(
      ScaleTable table, String label, String unit, ToDoubleFunction<Observation> figure) {
    table.add(label, unit, observations.stream().mapToDouble(figure).toArray());
  }
}
