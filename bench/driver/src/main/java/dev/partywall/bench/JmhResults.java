package dev.partywall.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;

/**
 * What JMH wrote. In each class the method {@code baseline} is the bare call that the others are
 * divided by, each by the one that was run with the same parameters; where there is none, only the
 * allocation is kept.
 */
final class JmhResults {
  private static final String ALLOCATION = "gc.alloc.rate.norm";

  private JmhResults() {}

  /** Ratios and allocations by name; empty where no benchmark has run. */
  static Map<String, Spread> read(Path file) throws IOException {
    var found = new TreeMap<String, Spread>();
    if (!Files.exists(file)) {
      return found;
    }
    var entries = new ObjectMapper().readTree(file.toFile());
    for (var entry : entries) {
      var name = shortName(entry);
      allocated(entry, name, found);
      var baseline = baseline(entries, name);
      if (baseline != null && baseline != entry) {
        found.put("jmh/" + name, quotient(entry, baseline));
      }
    }
    return found;
  }

  private static void allocated(JsonNode entry, String name, Map<String, Spread> found) {
    var metric = entry.at("/secondaryMetrics/" + ALLOCATION);
    if (!metric.isMissingNode()) {
      // Whole bytes: what is left of a byte is the harness's own.
      var bytes = Math.rint(metric.get("score").asDouble());
      found.put("jmh/" + name + " B/op", new Spread(bytes, bytes, bytes));
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

  private static Spread spread(JsonNode metric) {
    var middle = metric.get("score").asDouble();
    var error = metric.get("scoreError").asDouble(0);
    var either = Double.isNaN(error) ? 0 : error;
    return new Spread(middle, middle - either, middle + either);
  }

  /** Class and method, and what they were run with. */
  private static String shortName(JsonNode entry) {
    var whole = entry.get("benchmark").asText().split("\\.");
    var with = new StringJoiner(", ", "(", ")").setEmptyValue("");
    entry.path("params").forEach(value -> with.add(value.asText()));
    return whole[whole.length - 2] + "." + whole[whole.length - 1] + with;
  }
}
