package dev.partywall.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The results of one part of a scale run.
 *
 * @param columns the compared situations
 * @param notes explanations of the figures
 */
record ScaleTable(String title, List<String> columns, List<ScaleRow> rows, List<String> notes) {
  ScaleTable(String title, List<String> columns) {
    this(title, columns, new ArrayList<>(), new ArrayList<>());
  }

  /** One figure in each situation. NaN means no value. */
  record ScaleRow(String label, String unit, List<Double> values) {}

  void add(String label, String unit, double... values) {
    rows.add(new ScaleRow(label, unit, java.util.Arrays.stream(values).boxed().toList()));
  }

  /** Adds the median, the lowest and the highest value. */
  void add(String label, String unit, Spread spread) {
    add(label, unit, spread.median(), spread.low(), spread.high());
  }

  void note(String text) {
    notes.add(text);
  }

  @Override
  public String toString() {
    var cells = new ArrayList<List<String>>();
    var head = new ArrayList<>(List.of(title));
    head.addAll(columns);
    cells.add(head);
    for (var row : rows) {
      var line =
          new ArrayList<>(List.of(row.unit.isEmpty() ? row.label : row.label + ", " + row.unit));
      row.values.forEach(value -> line.add(format(value)));
      while (line.size() < head.size()) {
        line.add("");
      }
      cells.add(line);
    }
    return ResultTable.markdown(cells) + "\n" + String.join("\n", notes) + "\n";
  }

  private static String format(double value) {
    if (Double.isNaN(value)) {
      return "";
    }
    var decimals = Math.abs(value) >= 100 || value == Math.rint(value) ? 0 : 2;
    return String.format(Locale.ROOT, "%,." + decimals + "f", value);
  }
}
