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
 * What JMH wrote. In each class the method {@code baseline} is what the others are divided by, each
 * by the one that was run with the same parameters; where there is none, only the allocation is
 * kept.
 *
 * @param date when it was written, RFC 3339: the file itself doesn't say
 */
record JmhResults(String date, String lengths, Map<String, Spread> ratios) {
  private static final String ALLOCATION = "gc.alloc.rate.norm";

  /**
   * Those whose baseline is next to nothing, or a part of the thing itself: a quotient by it would
   * say little of them.
   */
  private static final Set<String> BY_BYTES_ALONE =
      Set.of("FilterChainBench", "FilterBench", "TelemetryBench");

  /** Empty where no benchmark has run. */
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
      allocated(entry, name, found);
      var baseline = baseline(entries, name);
      var byTime = !BY_BYTES_ALONE.contains(name.substring(0, name.indexOf('.')));
      if (byTime && baseline != null && baseline != entry) {
        found.put("jmh/" + name, quotient(entry, baseline));
      }
    }
    return found;
  }

  private static void allocated(JsonNode entry, String name, Map<String, Spread> found) {
    var metric = entry.at("/secondaryMetrics/" + ALLOCATION);
    if (!metric.isMissingNode()) {
      found.put("jmh/" + name + " B/op", spread(metric));
    }
  }

  private static JsonNode baseline(JsonNode entries, String name) {
    var wanted = name.replaceFirst("\\.\\w+", ".baseline");
    for (var entry : entries) {
      if (shortName(entry).equals(wanted)) {
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

  /** Of the iterations: their error of 99.9 % says nothing of so few. */
  private static Spread spread(JsonNode metric) {
    var all = new ArrayList<Double>();
    for (var fork : metric.get("rawData")) {
      fork.forEach(iteration -> all.add(iteration.asDouble()));
    }
    return Spread.of(all);
  }

  /** Class and method, and what they were run with. */
  private static String shortName(JsonNode entry) {
    var whole = entry.get("benchmark").asText().split("\\.");
    var with = new StringJoiner(", ", "(", ")").setEmptyValue("");
    entry.path("params").forEach(value -> with.add(value.asText()));
    return whole[whole.length - 2] + "." + whole[whole.length - 1] + with;
  }
}
