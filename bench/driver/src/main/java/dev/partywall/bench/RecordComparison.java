package dev.partywall.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;

/**
 * Compares the last run with the record of the same kind. A ratio has moved when the two runs'
 * ranges lie apart and their middles differ by more than is noise, or not worth a look.
 */
final class RecordComparison {
  private static final double WORTH_A_LOOK = 0.03;

  /** Of times in a benchmark: one fork is compiled in one way, and the next one in another. */
  private static final double WORTH_A_LOOK_IN_A_FORK = 0.25;

  private static final double WORTH_A_LOOK_OF_BYTES = 0.1;

  private final RunRecord now;
  private final RunRecord before;

  RecordComparison(RunRecord now, RunRecord before) {
    this.now = now;
    this.before = before;
  }

  /** Of the last run, and of the record of such runs. */
  static RecordComparison of(BenchPaths places) throws IOException {
    var now = RunRecord.of(places);
    var record = places.record(now.storage());
    if (!Files.exists(record)) {
      throw new IOException("there is no record to compare with: " + record);
    }
    return new RecordComparison(now, RunRecord.read(record));
  }

  /** A ratio that is in both. */
  record RatioChange(String name, Spread before, Spread now) {
    boolean isWorse() {
      // Of all that is compared, only of throughput more is better.
      return name.startsWith("throughput/") == (now.median() < before.median());
    }

    boolean isBeyondNoise() {
      var apart = now.low() > before.high() || now.high() < before.low();
      var change = Math.abs(now.median() - before.median());
      return apart && change > least() * Math.abs(before.median());
    }

    private double least() {
      if (!isOfBenchmark(name)) {
        return WORTH_A_LOOK;
      }
      return name.endsWith(" B/op") ? WORTH_A_LOOK_OF_BYTES : WORTH_A_LOOK_IN_A_FORK;
    }

    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "%s %-40s %.3f (%.3f–%.3f), was %.3f (%.3f–%.3f)",
          isWorse() ? "WORSE " : "better",
          name,
          now.median(),
          now.low(),
          now.high(),
          before.median(),
          before.low(),
          before.high());
    }
  }

  /** All that can be compared, as only what was measured in the same way can. */
  List<RatioChange> all() {
    var names = new TreeSet<>(now.ratios().keySet());
    names.retainAll(before.ratios().keySet());
    return names.stream()
        .filter(name -> isOfBenchmark(name) ? sameLengths() : samePlan())
        .map(name -> new RatioChange(name, before.ratios().get(name), now.ratios().get(name)))
        .toList();
  }

  /** When what was measured, and what can't be compared, and why. */
  String about() {
    var text = new StringBuilder();
    text.append("Now: %s%nRecord: %s%n".formatted(now.told(), before.told()));
    if (!samePlan()) {
      text.append(
          "Side by side is left out: plan “%s”, and the record is of “%s”.%n"
              .formatted(now.plan(), before.plan()));
    }
    if (!sameLengths()) {
      text.append(
          "Benchmarks are left out: “%s”, and the record is of “%s”.%n"
              .formatted(now.benchmarks(), before.benchmarks()));
    }
    return text.toString();
  }

  private boolean samePlan() {
    return now.plan().equals(before.plan()) && now.storage().equals(before.storage());
  }

  private boolean sameLengths() {
    return now.benchmarks().equals(before.benchmarks());
  }

  private static boolean isOfBenchmark(String name) {
    return name.startsWith("jmh/");
  }
}
