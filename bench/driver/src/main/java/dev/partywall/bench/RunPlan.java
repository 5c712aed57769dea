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
 * @param storage how the peers' table holds orders: {@code attributes}, or {@code documents} like
 *     the product's
 * @param services whose names; empty means all
 */
record RunPlan(
    String name,
    int rounds,
    int warmUp,
    Duration saturated,
    Duration paced,
    int rate,
    int connections,
    String storage,
    List<String> services) {

  /** The plan of that name; {@code services} is a comma-separated list, empty for all. */
  static RunPlan named(String name, String storage, String services) {
    var plan =
        switch (name) {
          case "smoke" -> of(1, 500, 1, 1, 100);
          case "quick" -> of(2, 20_000, 4, 2, 1_000);
          case "full" -> of(5, 100_000, 10, 10, 1_000);
          default -> throw new IllegalArgumentException("no plan is called " + name);
        };
    var chosen = Arrays.stream(services.split(",")).filter(s -> !s.isBlank()).toList();
    return plan.of(name, storage, chosen);
  }

  private static RunPlan of(int rounds, int warmUp, int saturated, int paced, int rate) {
    return new RunPlan(
        "",
        rounds,
        warmUp,
        Duration.ofSeconds(saturated),
        Duration.ofSeconds(paced),
        rate,
        16,
        "",
        List.of());
  }

  private RunPlan of(String called, String stored, List<String> chosen) {
    return new RunPlan(called, rounds, warmUp, saturated, paced, rate, connections, stored, chosen);
  }
}
