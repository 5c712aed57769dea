package dev.partywall.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a request costs here and elsewhere: measures it, compares it, and keeps the record. */
public final class Bench {
  private Bench() {}

  /**
   * {@code Bench ROOT COMMAND STORAGE [SERVICES]}: the repository's root; {@code smoke}, {@code
   * quick} or {@code full} to measure, {@code compare} or {@code record} for what was measured
   * last, {@code scale} or {@code scale-smoke} for tenants, connections and overload; how the
   * peers' orders are stored; and whom to measure, or which parts of the scale.
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    ChildProcesses.endWithUs();
    var places = new BenchPaths(Path.of(args[0]).toAbsolutePath().normalize());
    var services = args.length > 3 ? args[3] : "";
    switch (args[1]) {
      case "compare" -> compare(places);
      case "record" -> new RecordWriter(places).keep();
      case "scale" -> new ScaleRun(places, new RunLength(1)).run(services);
      case "scale-smoke" -> new ScaleRun(places, new RunLength(10)).run(services);
      default -> measure(places, RunPlan.named(args[1], args[2], services));
    }
  }

  private static void measure(BenchPaths places, RunPlan plan) throws IOException, InterruptedException {
    try (var stub = StubBackend.start(places)) {
      var results = new SideBySideRun(places, plan, stub).run();
      results.write(places.results());
      Files.writeString(places.newChart(), new ResultChart(results).toString());
      System.out.println("\n" + new ResultTable(results));
      System.out.println("Written: " + places.results() + "\n         " + places.newChart());
    }
  }

  /** Fails where something got worse, and where nothing could be compared. */
  private static void compare(BenchPaths places) throws IOException {
    var guard = RecordComparison.of(places);
    var all = guard.all();
    var moved = all.stream().filter(RecordComparison.RatioChange::isBeyondNoise).toList();
    System.out.print(guard.about());
    System.out.printf("%d ratios compared, %d moved beyond noise%n", all.size(), moved.size());
    moved.forEach(System.out::println);
    if (all.isEmpty() || moved.stream().anyMatch(RecordComparison.RatioChange::isWorse)) {
      System.exit(1);
    }
  }
}
