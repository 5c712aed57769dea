package dev.partywall.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * The committed record: ratios and no times, since times belong to a machine.
 *
 * @param date of the side-by-side run, {@code plan} its plan, and {@code storage} of its peers
 * @param benchmarks how long they ran; empty where none did
 * @param benchmarksDate when they had run: not always together with the side-by-side run
 * @param ratios by name; of the benchmarks also the bytes allocated, which hardly vary
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
   * What the last runs left behind.
   *
   * @throws IOException also when that is no whole run
   */
  static RunRecord of(BenchPaths places) throws IOException {
    var results = RunResults.read(places.results());
    results.requireWhole();
    var jmh = JmhResults.read(places.jmh());
    var ratios = new TreeMap<>(jmh.ratios());
    // Not those of the file: it may be older than what is compared by now.
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

  /** In a line: two runs are in it, and when each of them was. */
  String told() {
    var noted = benchmarksDate == null ? "at a time not noted" : benchmarksDate;
    return benchmarks.isEmpty()
        ? "side by side of " + date + ", and no benchmarks"
        : "side by side of " + date + ", benchmarks of " + noted;
  }

  void write(Path file) throws IOException {
    JSON.writeValue(file.toFile(), this);
  }
}
