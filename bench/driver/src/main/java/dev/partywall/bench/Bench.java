package dev.partywall.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Measures the cost of a request on several services, compares runs, and records results. */
public final class Bench {
  private Bench() {}

  /**
   * Runs {@code Bench ROOT COMMAND STORAGE [SERVICES]}. ROOT is the root of the repository. COMMAND
   * is {@code smoke}, {@code quick} or {@code full} to measure, {@code compare} or {@code record}
   * for the last run, and {@code scale}, {@code scale-short} (a third of the duration) or {@code
   * scale-smoke} for tenants, connections and overload. STORAGE is the storage format of the peers'
   * orders. SERVICES lists services, or parts of the scale run.
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    ChildProcesses.stopTogether();
    var paths = new BenchPaths(Path.of(args[0]).toAbsolutePath().normalize());
    var services = args.length > 3 ? args[3] : "";
    switch (args[1]) {
      case "compare" -> compare(paths);
      case "record" -> new RecordWriter(paths).write();
      case "scale" -> new ScaleRun(paths, new RunLength(1)).run(services);
      case "scale-short" -> new ScaleRun(paths, new RunLength(3)).run(services);
      case "scale-smoke" -> new ScaleRun(paths, new RunLength(10)).run(services);
      default ->
          measure(
              paths,
              RunPlan.byName(args[1], args[2], services, Integer.getInteger("bench.rounds", 0)));
    }
  }

  private static void measure(BenchPaths paths, RunPlan plan)
      throws IOException, InterruptedException {
    try (var stub = StubBackend.start(paths)) {
      var results = new SideBySideRun(paths, plan, stub).run();
      results.write(paths.results());
      Files.writeString(paths.lastChart(), new ResultChart(results).toString());
      System.out.println("\n" + new ResultTable(results));
      System.out.println("Written: " + paths.results() + "\n         " + paths.lastChart());
    }
  }

  /** Exits with code 1 if a ratio got worse or if no ratio could be compared. */
  private static void compare(BenchPaths paths) throws IOException {
    var comparison = RecordComparison.of(paths);
    var changes = comparison.changes();
    var significant = changes.stream().filter(RecordComparison.RatioChange::isBeyondNoise).toList();
    System.out.print(comparison.summary());
    System.out.printf(
        "%d ratios compared, %d changed beyond noise%n", changes.size(), significant.size());
    significant.forEach(System.out::println);
    if (changes.isEmpty() || significant.stream().anyMatch(RecordComparison.RatioChange::isWorse)) {
      System.exit(1);
    }
  }
}
