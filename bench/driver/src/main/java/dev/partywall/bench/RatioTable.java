package dev.partywall.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/**
 * How a run's services stand to each other, in Markdown: a row a figure, a column for each that
 * ours is divided by. A goal stands in its cell, since most differ from one to the next.
 */
final class RatioTable {
  private static final String FLOOR = "bare";

  private final List<ServiceMeasurements> services;

  RatioTable(List<ServiceMeasurements> services) {
    this.services = services;
  }

  /** Empty where nobody is ours, or nobody else is there. */
  @Override
  public String toString() {
    return Ratio.ours(services).filter(_ -> services.size() > 1).map(this::table).orElse("");
  }

  private String table(ServiceMeasurements ours) {
    var others = services.stream().filter(service -> service != ours).toList();
    var rows = new ArrayList<List<String>>();
    rows.add(row(ours.label() + " ÷", others, ServiceMeasurements::label));
    for (var figure : Ratio.COMPARED) {
      rows.add(row(figure.label(), others, other -> cell(figure, ours, other)));
    }
    if (others.stream().anyMatch(RatioTable::isFloor)) {
      for (var figure : List.of(Figure.CPU, Figure.CPU_PACED)) {
        var label = figure.label() + ", µs more";
        rows.add(row(label, others, other -> isFloor(other) ? more(figure, ours, other) : ""));
      }
    }
    return ResultTable.markdown(rows);
  }

  private static List<String> row(
      String label, List<ServiceMeasurements> others, Function<ServiceMeasurements, String> cell) {
    var row = new ArrayList<>(List.of(label));
    others.forEach(other -> row.add(cell.apply(other)));
    return row;
  }

  private static boolean isFloor(ServiceMeasurements service) {
    return service.name().equals(FLOOR);
  }

  private static String cell(Figure figure, ServiceMeasurements ours, ServiceMeasurements other) {
    return Ratio.of(figure, ours, other)
        .map(ratio -> told(ratio.spread(), 2, RatioGoals.of(ratio.name())))
        .orElse("");
  }

  private static String more(Figure figure, ServiceMeasurements ours, ServiceMeasurements floor) {
    return Ratio.byRound(figure, ours, floor, (our, its) -> our - its)
        .map(spread -> told(spread, 0, Optional.of(RatioGoals.ABOVE_THE_FLOOR)))
        .orElse("");
  }

  private static String told(Spread spread, int decimals, Optional<Double> goal) {
    var text = new StringBuilder(number(spread.median(), decimals));
    if (spread.low() < spread.high()) {
      text.append(
          " (%s–%s)".formatted(number(spread.low(), decimals), number(spread.high(), decimals)));
    }
    goal.ifPresent(limit ->
        text.append("; ≤ ")
            .append(number(limit, decimals))
            .append(spread.median() <= limit ? " met" : " missed"));
    return text.toString();
  }

  private static String number(double value, int decimals) {
    return String.format(Locale.ROOT, "%." + decimals + "f", value);
  }
}
