package dev.partywall.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** How everybody else fares while somebody makes trouble: a modest, fixed number a second. */
final class Others {
  private static final int RATE = 500;
  private static final int LANES = 64;

  private final Specimen specimen;
  private final OpenLoad load;
  private final List<Seen> all = new ArrayList<>();

  Others(Specimen specimen, Requests requests) {
    this.specimen = specimen;
    this.load = new OpenLoad(specimen.port(), LANES, requests, OpenLoad.Since.DUE);
  }

  private record Seen(Answers answers, double cpu, double resident, double live) {
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
    all.add(new Seen(answers, cpu, resident, Specimen.mebibytes(specimen.heap())));
  }

  /** A column for each look. */
  void tell(Grid grid) {
    row(grid, "others' p50", "ms", seen -> seen.percentile(50));
    row(grid, "others' p99", "ms", seen -> seen.percentile(99));
    row(grid, "others not served", "%", Seen::notServed);
    row(grid, "CPU per request of others, the trouble included", "µs", Seen::cpu);
    row(grid, "resident memory", "MiB", Seen::resident);
    row(grid, "live heap after a full GC", "MiB", Seen::live);
  }

  private void row(Grid grid, String label, String unit, ToDoubleFunction<Seen> figure) {
    grid.add(label, unit, all.stream().mapToDouble(figure).toArray());
  }
}
