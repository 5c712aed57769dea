package dev.partywall.bench;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/**
 * The extent of a run.
 *
 * @param rounds number of starts and measurements per service, in alternation
 * @param warmUp requests before the measurement: the same number for all services, so each has the
 *     same opportunity for compilation
 * @param saturated duration of the load at maximum throughput
 * @param paced duration of the load at {@code rate}
 * @param rate requests per second, equal for all services and far below the slowest service's
 *     capacity
 * @param connections keep-alive connections, each with one request at a time
 * @param storage storage format of the peers' orders: {@code attributes}, or {@code documents} as
 *     in the product
 * @param services names of the services; empty means all
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

  /**
   * Returns a plan by name.
   *
   * @param services a comma-separated list; empty means all
   * @param rounds replaces the number of rounds of the plan; 0 keeps it
   */
  static RunPlan byName(String name, String storage, String services, int rounds) {
    var plan =
        switch (name) {
          case "smoke" -> of(1, 500, 1, 1, 100);
          case "quick" -> of(2, 20_000, 4, 2, 1_000);
          case "full" -> of(5, 100_000, 10, 10, 1_000);
          default -> throw new IllegalArgumentException("unknown plan: " + name);
        };
    var chosen = Arrays.stream(services.split(",")).filter(s -> !s.isBlank()).toList();
    return plan.of(name, rounds == 0 ? plan.rounds : rounds, storage, chosen);
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

  private RunPlan of(String newName, int newRounds, String newStorage, List<String> chosen) {
    return new RunPlan(
        newName, newRounds, warmUp, saturated, paced, rate, connections, newStorage, chosen);
  }
}
