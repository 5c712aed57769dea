package dev.partywall.bench;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/**
 * How much is measured.
 *
 * @param rounds how often each service is started and measured, in alternation
 * @param warmUp requests before anything is measured: the same number for all, so that each has had
 *     the same occasion to be compiled
 * @param saturated how long all connections ask as fast as they get answers
 * @param paced how long requests come at {@code rate}
 * @param rate requests a second, the same for all, well under what the slowest can do
 * @param connections kept alive, each with one request at a time
 * @param services whose names; empty means all
 */
record Plan(
    String name,
    int rounds,
    int warmUp,
    Duration saturated,
    Duration paced,
    int rate,
    int connections,
    List<String> services) {

  /** The plan of that name; {@code services} is a comma-separated list, empty for all. */
  static Plan named(String name, String services) {
    var plan =
        switch (name) {
          case "smoke" -> of(name, 1, 500, 1, 1, 100);
          case "quick" -> of(name, 2, 40_000, 6, 5, 1_000);
          case "full" -> of(name, 5, 100_000, 10, 10, 1_000);
          default -> throw new IllegalArgumentException("no plan is called " + name);
        };
    return plan.with(Arrays.stream(services.split(",")).filter(s -> !s.isBlank()).toList());
  }

  private static Plan of(String name, int rounds, int warmUp, int saturated, int paced, int rate) {
    var loud = Duration.ofSeconds(saturated);
    return new Plan(name, rounds, warmUp, loud, Duration.ofSeconds(paced), rate, 16, List.of());
  }

  private Plan with(List<String> chosen) {
    return new Plan(name, rounds, warmUp, saturated, paced, rate, connections, chosen);
  }
}
