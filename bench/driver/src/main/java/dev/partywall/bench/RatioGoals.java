package dev.partywall.bench;

import java.util.Map;
import java.util.Optional;

/** What the ratios are to be at most. */
final class RatioGoals {
  private static final Map<String, Double> LIMITS =
      Map.of(
          "cpu/spring", 0.55,
          "cpu/spring-cached", 0.80,
          "cpu/quarkus", 0.70,
          "cpu/helidon", 0.75,
          "start_cached/spring", 0.30,
          "start_cached/quarkus", 0.45,
          "start_cached/helidon", 0.65,
          "rss/spring", 0.5);

  /** Microseconds of processor time that the product may add to the floor. */
  static final double ABOVE_THE_FLOOR = 25;

  private RatioGoals() {}

  /** A processor time's limit is the same whether the service is busy or not. */
  static Optional<Double> of(String ratio) {
    return Optional.ofNullable(LIMITS.get(ratio.replace("cpu_paced/", "cpu/")));
  }
}
