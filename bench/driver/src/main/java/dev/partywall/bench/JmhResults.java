package dev.partywall.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import java.util.TreeMap;

/**
 * The results that JMH wrote. In each class, the other methods are divided by the method {@code
 * baseline} with the same parameters. Without a baseline, only the allocation is kept.
 *
 * @param date modification time of the file, RFC 3339, because the file contains no date
 */
record JmhResults(String date, String lengths, Map<String, Spread> ratios) {
  private static final String ALLOCATION = "gc.alloc.rate.norm";

  /**
   * Classes with a trivial baseline or a baseline that is part of the subject: no useful quotient.
   */
  private static final Set<String> BYTES_ONLY =
      Set.of("FilterChainBench", "FilterBench", "TelemetryBench");

  /** Reads the results. Returns empty results if no benchmark has run. */
  static JmhResults read(Path file) throws IOException {
    if (!Files.exists(file)) {
      return new JmhResults("", "", Map.of());
    }
    var entries = new ObjectMapper().readTree(file.toFile());
    var written = Files.getLastModifiedTime(file).toInstant().truncatedTo(ChronoUnit.SECONDS);
    return new JmhResults(written.toString(), lengths(entries.path(0)), ratios(entries));
  }

  private static String lengths(JsonNode entry) {
    return "%s forks, %s × %s of warm-up, %s × %s"
        .formatted(
            entry.path("forks").asText(),
            entry.path("warmupIterations").asText(),
            entry.path("warmupTime").asText(),
            entry.path("measurementIterations").asText(),
            entry.path("measurementTime").asText());
  }

  private static Map<String, Spread> ratios(JsonNode entries) {
    var found = new TreeMap<String, Spread>();
    for (var entry : entries) {
      var name = shortName(entry);
      addAllocation(entry, name, found);
      var baseline = baseline(entries, name);
      var byTime = !BYTES_ONLY.contains(name.substring(0, name.indexOf('.')));
      if (byTime && baseline != null && baseline != entry) {
        found.put("jmh/" + name, quotient(entry, baseline));
      }
    }
    return found;
  }

  private static void addAllocation(JsonNode entry, String name, Map<String, Spread> found) {
    var metric = entry.at("/secondaryMetrics/" + ALLOCATION);
    if (!metric.isMissingNode()) {
      found.put("jmh/" + name + " B/op", spread(metric));
    }
  }

  private static JsonNode baseline(JsonNode entries, String name) {
    var baselineName = name.replaceFirst("\\.\\w+", ".baseline");
    for (var entry : entries) {
      if (shortName(entry).equals(baselineName)) {
        return entry;
      }
    }
    return null;
  }

  private static Spread quotient(JsonNode entry, JsonNode baseline) {
    var ours = spread(entry.get("primaryMetric"));
    var bare = spread(baseline.get("primaryMetric"));
    return new Spread(
        ours.median() / bare.median(), ours.low() / bare.high(), ours.high() / bare.low());
  }

  /** Uses the iterations, because the 99.9 % error is meaningless for so few. */
  private static Spread spread(JsonNode metric) {
    var all = new ArrayList<Double>();
    for (var fork : metric.get("rawData")) {
      fork.forEach(iteration -> all.add(iteration.asDouble()));
    }
    return Spread.of(all);
  }

  /** Returns the class, the method and the parameters. */
  private static String shortName(JsonNode entry) {
    var parts = entry.get("benchmark").asText().split("\\.");
    var parameters = new StringJoiner(", ", "(", ")").setEmptyValue("");
    entry.path("params").forEach(value -> parameters.add(value.asText()));
    return parts[parts.length - 2] + "." + parts[parts.length - 1] + parameters;
  }
}
