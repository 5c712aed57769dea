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
 * @param plan of the side-by-side run, and {@code storage} of its peers
 * @param benchmarks how long they ran; empty where none did
 * @param ratios by name; of the benchmarks also the bytes allocated, which hardly vary
 */
record Kept(
    String date,
    String machine,
    String jdk,
    String plan,
    String storage,
    String benchmarks,
    Map<String, Spread> ratios) {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  static Kept of(Places places) throws IOException {
    var results = Results.read(places.results());
    var jmh = JmhResults.read(places.jmh());
    var ratios = new TreeMap<>(jmh.ratios());
    results.ratios().forEach(ratio -> ratios.put(ratio.name(), ratio.spread()));
    return new Kept(
        results.date(),
        results.machine().line(),
        results.machine().jdk(),
        results.plan(),
        results.storage(),
        jmh.lengths(),
        ratios);
  }

  static Kept read(Path file) throws IOException {
    return JSON.readValue(file.toFile(), Kept.class);
  }

  void write(Path file) throws IOException {
    JSON.writeValue(file.toFile(), this);
  }
}
