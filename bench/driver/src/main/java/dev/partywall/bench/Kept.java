package dev.partywall.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/**
 * The committed record: ratios and no times, since times belong to a machine.
 *
 * @param ratios by name; of the benchmarks also the bytes allocated, which hardly vary
 */
record Kept(String date, String machine, String jdk, Map<String, Spread> ratios) {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  static Kept of(Places places) throws IOException {
    var results = Results.read(places.results());
    var ratios = new java.util.TreeMap<String, Spread>();
    results.ratios().forEach(ratio -> ratios.put(ratio.name(), ratio.spread()));
    ratios.putAll(JmhResults.read(places.jmh()));
    return new Kept(results.date(), results.machine().line(), results.machine().jdk(), ratios);
  }

  static Kept read(Path file) throws IOException {
    return JSON.readValue(file.toFile(), Kept.class);
  }

  void write(Path file) throws IOException {
    JSON.writeValue(file.toFile(), this);
  }
}
