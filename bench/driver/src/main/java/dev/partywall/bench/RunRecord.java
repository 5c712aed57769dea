package dev.partywall.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * The committed record. It contains ratios but no times, because times depend on the machine.
 *
 * @param date of the side-by-side run
 * @param plan of the side-by-side run
 * @param storage storage format of the peers' orders
 * @param benchmarks iterations and durations of the benchmarks; empty if none ran
 * @param benchmarksDate of the benchmarks, which can differ from {@code date}
 * @param ratios by name, including the bytes that benchmarks allocate, which hardly vary
 */
record RunRecord(
    String date,
    String machine,
    String jdk,
    String plan,
    String storage,
    String benchmarks,
    String benchmarksDate,
    Map<String, Spread> ratios) {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  /**
   * Reads the last runs.
   *
   * @throws IOException if a file cannot be read, or if the run is incomplete
   */
  static RunRecord of(BenchPaths paths) throws IOException {
    var results = RunResults.read(paths.results());
    results.requireComplete();
    var jmh = JmhResults.read(paths.jmh());
    var ratios = new TreeMap<>(jmh.ratios());
    // Computed again, because the file can be older than the set of compared figures.
    Ratio.of(results.services()).forEach(ratio -> ratios.put(ratio.name(), ratio.spread()));
    return new RunRecord(
        results.date(),
        results.machine().line(),
        results.machine().jdk(),
        results.plan(),
        results.storage(),
        jmh.lengths(),
        jmh.date(),
        ratios);
  }

  static RunRecord read(Path file) throws IOException {
    return JSON.readValue(file.toFile(), RunRecord.class);
  }

  /** Returns the dates of both runs in one line. */
  String summary() {
    var benchmarksAt = benchmarksDate == null ? "at an unknown time" : benchmarksDate;
    return benchmarks.isEmpty()
        ? "side by side of " + date + ", and no benchmarks"
        : "side by side of " + date + ", benchmarks of " + benchmarksAt;
  }

  void write(Path file) throws IOException {
    JSON.writeValue(file.toFile(), this);
  }
}
