package dev.partywall.bench;

import java.util.ArrayList;
import java.util.List;

/** A run as Markdown tables, which are readable in a terminal as well. */
final class ResultTable {
  private final RunResults results;

  ResultTable(RunResults results) {
    this.results = results;
  }

  @Override
  public String toString() {
    var ratios = new RatioTable(results.services());
    return figures() + "\n" + ratios + "\n" + String.join("  \n", results.footer()) + "\n";
  }

  private String figures() {
    var rows = new ArrayList<List<String>>();
    var head = new ArrayList<>(List.of("median (low–high)"));
    results.services().forEach(service -> head.add(service.label() + " " + service.version()));
    rows.add(head);
    for (var figure : Figure.values()) {
      var row = new ArrayList<>(List.of(figure.label() + ", " + figure.unit()));
      results.services().forEach(service -> row.add(cell(service, figure)));
      rows.add(row);
    }
    return markdown(rows);
  }

  private static String cell(ServiceMeasurements service, Figure figure) {
    if (!service.has(figure)) {
      return "";
    }
    var spread = service.spread(figure);
    var median = figure.format(spread.median());
    return service.values(figure).size() == 1
        ? median
        : median + " (" + figure.format(spread.low()) + "–" + figure.format(spread.high()) + ")";
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
    var width = rows.stream().mapToInt(cells -> cells.get(column).length()).max().orElse(0);
    var cell = rows.get(row).get(column);
    return cell + " ".repeat(width - cell.length());
  }
}
