package dev.partywall.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A run as tables in Markdown, which read well in a terminal too. */
final class Table {
  private final Results results;

  Table(Results results) {
    this.results = results;
  }

  @Override
  public String toString() {
    return figures() + "\n" + ratios() + "\n" + String.join("  \n", results.footer()) + "\n";
  }

  private String figures() {
    var rows = new ArrayList<List<String>>();
    var head = new ArrayList<>(List.of("median (low–high)"));
    results.services().forEach(s -> head.add(s.label() + " " + s.version()));
    rows.add(head);
    for (var figure : Figure.values()) {
      var row = new ArrayList<>(List.of(figure.label() + ", " + figure.unit()));
      results.services().forEach(service -> row.add(cell(service, figure)));
      rows.add(row);
    }
    return markdown(rows);
  }

  private static String cell(Measured service, Figure figure) {
    if (!service.has(figure)) {
      return "";
    }
    var spread = service.spread(figure);
    var median = figure.format(spread.median());
    return service.values(figure).size() == 1
        ? median
        : median + " (" + figure.format(spread.low()) + "–" + figure.format(spread.high()) + ")";
  }

  private String ratios() {
    var rows = new ArrayList<List<String>>();
    rows.add(List.of("Partywall ÷", "median", "low–high", "goal", ""));
    for (var ratio : results.ratios()) {
      var spread = ratio.spread();
      var goal = Goals.of(ratio.name());
      rows.add(
          List.of(
              ratio.name(),
              number(spread.median()),
              number(spread.low()) + "–" + number(spread.high()),
              goal.map(limit -> "≤ " + number(limit)).orElse(""),
              goal.map(limit -> spread.median() <= limit ? "met" : "missed").orElse("")));
    }
    aboveTheFloor().ifPresent(rows::add);
    return markdown(rows);
  }

  /** What the product adds to the bare server and the bare query, round by round. */
  private Optional<List<String>> aboveTheFloor() {
    var ours = of("partywall");
    var floor = of("bare");
    if (ours.isEmpty() || floor.isEmpty()) {
      return Optional.empty();
    }
    var added = new ArrayList<Double>();
    for (var round = 0; round < results.rounds(); round++) {
      added.add(ours.get().get(round) - floor.get().get(round));
    }
    var spread = Spread.of(added);
    return Optional.of(
        List.of(
            "cpu − bare, µs",
            number(spread.median()),
            number(spread.low()) + "–" + number(spread.high()),
            "≤ " + number(Goals.ABOVE_THE_FLOOR),
            spread.median() <= Goals.ABOVE_THE_FLOOR ? "met" : "missed"));
  }

  private Optional<List<Double>> of(String name) {
    return results.services().stream()
        .filter(service -> service.name().equals(name))
        .map(service -> service.values(Figure.CPU))
        .findFirst();
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.2f", value);
  }

  static String markdown(List<List<String>> rows) {
    var text = new StringBuilder();
    for (var i = 0; i < rows.size(); i++) {
      text.append("| ");
      for (var column = 0; column < rows.get(i).size(); column++) {
        text.append(pad(rows, i, column)).append(" | ");
      }
      text.append('\n');
      if (i == 0) {
        text.append("| --- ".repeat(rows.getFirst().size())).append("|\n");
      }
    }
    return text.toString();
  }

  private static String pad(List<List<String>> rows, int row, int column) {
    var width = rows.stream().mapToInt(r -> r.get(column).length()).max().orElse(0);
    var cell = rows.get(row).get(column);
    return cell + " ".repeat(width - cell.length());
  }
}
