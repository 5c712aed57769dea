package dev.partywall.observability.metrics;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Validates the text format of <a
 * href="https://prometheus.io/docs/specs/om/open_metrics_spec/">OpenMetrics 1.0</a>. Written only
 * from the specification: the grammar under its own names, then the requirements of the prose for
 * families of the types counter, gauge, histogram and unknown. The service exposes no other types,
 * so any other type is a fault.
 */
final class OpenMetricsValidator {
  // Section "ABNF". Exposers should not write a backslash before any other character.
  private static final String METRICNAME = "[A-Za-z_:][A-Za-z0-9_:]*";
  private static final String ESCAPED_STRING = "(?:[^\\n\"\\\\]|\\\\[n\"\\\\])*";
  private static final String LABEL = "([A-Za-z_][A-Za-z0-9_]*)=\"(" + ESCAPED_STRING + ")\"";
  private static final String LABELS = "\\{(?:" + LABEL + "(?:," + LABEL + ")*)?}";
  private static final String REALNUMBER =
      "[+-]?(?:[0-9]+(?:\\.[0-9]*)?|\\.[0-9]+)(?:[eE][+-]?[0-9]+)?";
  private static final String NUMBER = "(?:" + REALNUMBER + "|[+-]?(?i:inf|infinity)|(?i:nan))";
  private static final String EXEMPLAR = " # " + LABELS + " " + NUMBER + "(?: " + REALNUMBER + ")?";

  private static final Pattern DESCRIPTOR =
      Pattern.compile("# (TYPE|HELP|UNIT) (" + METRICNAME + ") (.*)");
  private static final Pattern SAMPLE =
      Pattern.compile(
          "(?<name>%s)(?<labels>%s)? (?<value>%s)(?: %s)?(?<exemplar>%s)?"
              .formatted(METRICNAME, LABELS, NUMBER, REALNUMBER, EXEMPLAR));
  private static final Pattern ONE_LABEL = Pattern.compile(LABEL);
  private static final Pattern HELP = Pattern.compile(ESCAPED_STRING);

  /** Sections "Counter", "Gauge", "Histogram", "Unknown": the sample name suffixes of each type. */
  private static final Map<String, Set<String>> SUFFIXES =
      Map.of(
          "counter", Set.of("_total", "_created"),
          "gauge", Set.of(""),
          "histogram", Set.of("_bucket", "_count", "_sum", "_created"),
          "unknown", Set.of(""));

  private static final Set<String> WITH_EXEMPLARS = Set.of("_total", "_bucket");

  private static final Map<String, Double> SPECIAL_NUMBERS =
      Map.of(
          "inf", Double.POSITIVE_INFINITY,
          "+inf", Double.POSITIVE_INFINITY,
          "-inf", Double.NEGATIVE_INFINITY,
          "nan", Double.NaN);

  private final Set<String> families = new HashSet<>();
  private final Set<String> samples = new HashSet<>();
  private final Set<String> descriptors = new HashSet<>();
  private final Set<Map<String, String>> metrics = new HashSet<>();
  private final List<Bucket> buckets = new ArrayList<>();
  private String family = "";
  private String type = "unknown";
  private @Nullable Map<String, String> metric;

  private record Bucket(double le, double count) {}

  private OpenMetricsValidator() {}

  /**
   * Validates an exposition.
   *
   * @return the names of its families
   * @throws AssertionError if it violates a rule; the message names the rule and the line
   */
  static Set<String> validate(byte[] exposition) {
    var text = utf8(exposition);
    // "exposition = metricset HASH SP eof [ LF ]"; every line ends with LF, and none is empty.
    require(text.endsWith("\n# EOF\n"), "the EOF line is missing", text);
    var validator = new OpenMetricsValidator();
    text.substring(0, text.length() - "# EOF\n".length()).lines().forEach(validator::line);
    require(!text.contains("\r"), "lines must end with LF only", text);
    validator.endMetric();
    return validator.families;
  }

  private static String utf8(byte[] exposition) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(exposition)).toString();
    } catch (CharacterCodingException e) {
      throw new AssertionError("the text is not UTF-8", e);
    }
  }

  private void line(String line) {
    var descriptor = DESCRIPTOR.matcher(line);
    if (descriptor.matches()) {
      describe(descriptor, line);
      return;
    }
    var sample = SAMPLE.matcher(line);
    require(sample.matches(), "the line is neither a descriptor nor a sample", line);
    sample(sample, line);
  }

  /** Section "MetricFamily": a family is contiguous, with at most one descriptor of each kind. */
  private void describe(Matcher found, String line) {
    var name = found.group(2);
    if (!name.equals(family)) {
      begin(name, line);
    }
    require(metrics.isEmpty(), "a descriptor must precede the samples", line);
    var keyword = found.group(1);
    require(descriptors.add(keyword), "duplicate descriptor of the family", line);
    var rest = found.group(3);
    switch (keyword) {
      case "TYPE" -> {
        require(SUFFIXES.containsKey(rest), "unknown type", line);
        type = rest;
      }
      case "UNIT" ->
          require(
              rest.isEmpty() || name.endsWith("_" + rest), "the name must end with the unit", line);
      default -> require(HELP.matcher(rest).matches(), "invalid escaped string", line);
    }
  }

  private void begin(String name, String line) {
    endMetric();
    require(families.add(name), "duplicate family", line);
    family = name;
    type = "unknown";
    descriptors.clear();
    metrics.clear();
    metric = null;
  }

  private void sample(Matcher found, String line) {
    var name = found.group("name");
    if (!name.startsWith(family) || family.isEmpty()) {
      begin(name, line);
    }
    var suffix = name.substring(family.length());
    require(
        SUFFIXES.getOrDefault(type, Set.of()).contains(suffix),
        "invalid sample name for type " + type,
        line);
    require(
        found.group("exemplar") == null || WITH_EXEMPLARS.contains(suffix),
        "an exemplar is not allowed here",
        line);
    var labels = labels(found.group("labels"), line);
    require(samples.add(name + labels), "duplicate sample", line);
    var le = labels.remove("le");
    startMetric(labels, line);
    value(suffix, le, number(found.group("value")), line);
  }

  /** Section "Label": names are unique, and names that start with two underscores are reserved. */
  private static Map<String, String> labels(@Nullable String text, String line) {
    var labels = new HashMap<String, String>();
    var found = ONE_LABEL.matcher(text == null ? "" : text);
    for (MatchResult label : found.results().toList()) {
      require(!label.group(1).startsWith("__"), "reserved label name", line);
      require(labels.put(label.group(1), label.group(2)) == null, "duplicate label", line);
    }
    return labels;
  }

  /** Section "Metric": the samples of a metric are contiguous. */
  private void startMetric(Map<String, String> labels, String line) {
    if (!labels.equals(metric)) {
      endMetric();
      require(metrics.add(labels), "the samples of a metric are not contiguous", line);
      metric = labels;
    }
  }

  private void value(String suffix, @Nullable String le, double value, String line) {
    require(
        suffix.equals("_bucket") == (le != null),
        "a bucket, and only a bucket, has the label le",
        line);
    switch (suffix) {
      case "_bucket" -> {
        buckets.add(new Bucket(number(String.valueOf(le)), value));
        require(value >= 0 && value == Math.rint(value), "a bucket value must be a count", line);
      }
      case "_total", "_count" -> require(value >= 0, "a total must not be negative or NaN", line);
      default -> {}
    }
    if (suffix.equals("_count")) {
      require(
          !buckets.isEmpty() && buckets.getLast().count() == value,
          "the count differs from the last bucket",
          line);
    }
  }

  /** Section "Histogram": bounds and counts ascend, and the last bound is infinite. */
  private void endMetric() {
    for (var i = 1; i < buckets.size(); i++) {
      require(buckets.get(i - 1).le() < buckets.get(i).le(), "bucket bounds do not ascend", family);
      require(
          buckets.get(i - 1).count() <= buckets.get(i).count(),
          "bucket counts are not cumulative",
          family);
    }
    require(
        !type.equals("histogram") || metric == null || hasInfiniteBound(),
        "the bucket with bound +Inf is missing",
        family);
    buckets.clear();
  }

  private boolean hasInfiniteBound() {
    return !buckets.isEmpty() && buckets.getLast().le() == Double.POSITIVE_INFINITY;
  }

  private static double number(String text) {
    var word = text.toLowerCase(Locale.ROOT).replace("infinity", "inf");
    var known = SPECIAL_NUMBERS.get(word);
    return known == null ? Double.parseDouble(word) : known;
  }

  private static void require(boolean valid, String rule, String location) {
    if (!valid) {
      throw new AssertionError(rule + ": " + location);
    }
  }
}
