package dev.partywall.bench;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The measurements of one service: one value per figure and round, in the order of the rounds.
 *
 * @param version of the framework, from its files
 */
record ServiceMeasurements(
    String name, String label, String version, Map<Figure, List<Double>> figures) {
  ServiceMeasurements(String name, String label, String version) {
    this(name, label, version, new EnumMap<>(Figure.class));
  }

  void add(Figure figure, double value) {
    figures.computeIfAbsent(figure, _ -> new ArrayList<>()).add(value);
  }

  boolean has(Figure figure) {
    return figures.containsKey(figure);
  }

  @JsonIgnore
  List<Double> values(Figure figure) {
    return figures.getOrDefault(figure, List.of());
  }

  Spread spread(Figure figure) {
    return Spread.of(values(figure));
  }
}
