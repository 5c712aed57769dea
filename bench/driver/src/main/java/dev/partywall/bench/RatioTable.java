package dev.partywall.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/**
 * The ratios of a run in Markdown: one row per figure, one column per compared service. Each cell
 * includes its goal, because most goals differ.
 */
final class RatioTable {
  private static final String FLOOR = "bare";

  private final List<ServiceMeasurements> services;

  RatioTable(List<ServiceMeasurements> services) {
    this.services = services;
  }

  /** Returns the table, or an empty text without a product or without a service to compare. */
  @Override
  public String toString() {
    return Ratio.subject(services).filter(_ -> services.size() > 1).map(this::table).orElse("");
  }

  private String table(ServiceMeasurements subject) {
    var others = services.stream().filter(service -> service != subject).toList();
    var rows = new ArrayList<List<String>>();
    rows.add(row(subject.label() + " ÷", others, ServiceMeasurements::label));
    for (var figure : Ratio.COMPARED) {
      rows.add(row(figure.label(), others, other -> cell(figure, subject, other)));
    }
    if (others.stream().anyMatch(RatioTable::isFloor)) {
      for (var figure : List.of(Figure.CPU, Figure.CPU_PACED)) {
        var label = figure.label() + ", µs more";
        rows.add(
            row(label, others, other -> isFloor(other) ? difference(figure, subject, other) : ""));
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

  private static String cell(
      Figure figure, ServiceMeasurements subject, ServiceMeasurements other) {
    return Ratio.of(figure, subject, other)
        .map(ratio -> cellText(ratio.spread(), 2, RatioGoals.of(ratio.name())))
        .orElse("");
  }

  private static String difference(
      Figure figure, ServiceMeasurements subject, ServiceMeasurements floor) {
    return Ratio.perRound(
            figure, subject, floor, (subjectValue, floorValue) -> subjectValue - floorValue)
        .map(spread -> cellText(spread, 0, Optional.of(RatioGoals.MAX_MICROS_ABOVE_FLOOR)))
        .orElse("");
  }

  private static String cellText(Spread spread, int decimals, Optional<Double> goal) {
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
