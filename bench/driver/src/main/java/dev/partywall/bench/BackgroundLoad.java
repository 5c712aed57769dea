package dev.partywall.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** How everybody else fares while somebody makes trouble: a modest, fixed number a second. */
final class BackgroundLoad {
  private static final int RATE = 500;
  private static final int LANES = 64;

  private final ProductProcess specimen;
  private final OpenLoopLoad load;
  private final List<Observation> all = new ArrayList<>();

  BackgroundLoad(ProductProcess specimen, RequestMessages requests) {
    this.specimen = specimen;
    this.load = new OpenLoopLoad(specimen.port(), LANES, requests, OpenLoopLoad.LatencyStart.DUE);
  }

  private record Observation(ResponseStatistics answers, double cpu, double resident, double live) {
    double notServed() {
      return 100.0 * (answers.all() - answers.served().count()) / Math.max(1, answers.all());
    }

    double percentile(double percent) {
      return answers.served().count() == 0 ? Double.NaN : answers.served().percentile(percent);
    }
  }

  /** Looks for so long. */
  void look(Duration time) throws IOException, InterruptedException {
    var before = specimen.cpu();
    var answers = load.offer(time, RATE);
    var cpu = specimen.cpuSince(before, Math.max(1, answers.all()));
    var resident = specimen.residentMebibytes();
    all.add(new Observation(answers, cpu, resident, ProductProcess.mebibytes(specimen.heap())));
  }

  /** A column for each look. */
  void tell(ScaleTable grid) {
    row(grid, "others' p50", "ms", seen -> seen.percentile(50));
    row(grid, "others' p99", "ms", seen -> seen.percentile(99));
    row(grid, "others not served", "%", Observation::notServed);
    row(grid, "CPU per request of others, the trouble included", "µs", Observation::cpu);
    row(grid, "resident memory", "MiB", Observation::resident);
    row(grid, "live heap after a full GC", "MiB", Observation::live);
  }

  private void row(ScaleTable grid, String label, String unit, ToDoubleFunction<Observation> figure) {
    grid.add(label, unit, all.stream().mapToDouble(figure).toArray());
  }
}
