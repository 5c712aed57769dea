package dev.partywall.bench;

import java.util.Map;
import java.util.Optional;

/** Upper limits of the ratios. */
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

  /** Maximum processor time of the product above the floor, in microseconds. */
  static final double MAX_MICROS_ABOVE_FLOOR = 25;

  private RatioGoals() {}

  /** Returns the limit of a ratio. Limits of processor time apply at both load levels. */
  static Optional<Double> of(String ratio) {
    return Optional.ofNullable(LIMITS.get(ratio.replace("cpu_paced/", "cpu/")));
  }
}
