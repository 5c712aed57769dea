package dev.partywall.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;

/**
 * Compares the last run with the record of the same kind. A ratio has changed if the ranges of the
 * two runs do not overlap and the medians differ by more than the minimum change.
 */
final class RecordComparison {
  private static final double MIN_CHANGE = 0.03;

  /** For times of a benchmark, because compilation differs from fork to fork. */
  private static final double MIN_BENCHMARK_TIME_CHANGE = 0.25;

  private static final double MIN_BENCHMARK_BYTES_CHANGE = 0.1;

  private final RunRecord current;
  private final RunRecord recorded;

  RecordComparison(RunRecord now, RunRecord before) {
    this.current = now;
    this.recorded = before;
  }

  /** Compares the last run with its record. */
  static RecordComparison of(BenchPaths places) throws IOException {
    var now = RunRecord.of(places);
    var record = places.record(now.storage());
    if (!Files.exists(record)) {
      throw new IOException("no record exists: " + record);
    }
    return new RecordComparison(now, RunRecord.read(record));
  }

  /** A ratio that both runs contain. */
  record RatioChange(String name, Spread recorded, Spread current) {
    boolean isWorse() {
      // Throughput is the only ratio for which more is better.
      return name.startsWith("throughput/") == (current.median() < recorded.median());
    }

    boolean isBeyondNoise() {
      var disjoint = current.low() > recorded.high() || current.high() < recorded.low();
      var change = Math.abs(current.median() - recorded.median());
      return disjoint && change > minimumChange() * Math.abs(recorded.median());
    }

    private double minimumChange() {
      if (!isBenchmark(name)) {
        return MIN_CHANGE;
      }
      return name.endsWith(" B/op") ? MIN_BENCHMARK_BYTES_CHANGE : MIN_BENCHMARK_TIME_CHANGE;
    }

    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "%s %-40s %.3f (%.3f–%.3f), was %.3f (%.3f–%.3f)",
          isWorse() ? "WORSE " : "better",
          name,
          current.median(),
          current.low(),
          current.high(),
          recorded.median(),
          recorded.low(),
          recorded.high());
    }
  }

  /** Returns the comparable ratios: those that were measured in the same way. */
  List<RatioChange> changes() {
    var names = new TreeSet<>(current.ratios().keySet());
    names.retainAll(recorded.ratios().keySet());
    return names.stream()
        .filter(name -> isBenchmark(name) ? hasSameLengths() : hasSamePlan())
        .map(name -> new RatioChange(name, recorded.ratios().get(name), current.ratios().get(name)))
        .toList();
  }

  /** Returns the dates of both runs, and the excluded parts with the reason. */
  String summary() {
    var text = new StringBuilder();
    text.append("Now: %s%nRecord: %s%n".formatted(current.summary(), recorded.summary()));
    if (!hasSamePlan()) {
      text.append(
          "Side-by-side ratios are excluded: the run used plan “%s”, the record plan “%s”.%n"
              .formatted(current.plan(), recorded.plan()));
    }
    if (!hasSameLengths()) {
      text.append(
          "Benchmarks are excluded: the run used “%s”, the record “%s”.%n"
              .formatted(current.benchmarks(), recorded.benchmarks()));
    }
    return text.toString();
  }

  private boolean hasSamePlan() {
    return current.plan().equals(recorded.plan()) && current.storage().equals(recorded.storage());
  }

  private boolean hasSameLengths() {
    return current.benchmarks().equals(recorded.benchmarks());
  }

  private static boolean isBenchmark(String name) {
    return name.startsWith("jmh/");
  }
}
