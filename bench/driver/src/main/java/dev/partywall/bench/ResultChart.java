package dev.partywall.bench;

import java.util.List;
import java.util.Locale;

/**
 * Draws a run as SVG: one panel per figure, one bar per service, and a thin line from the lowest to
 * the highest round. It has no background, and its colours are readable on light and dark pages.
 */
final class ResultChart {
  private static final List<Figure> PANELS =
      List.of(
          Figure.CPU, Figure.THROUGHPUT, Figure.START_CACHED, Figure.RSS, Figure.P99, Figure.SIZE);

  private static final int WIDTH = 900;
  private static final int PANEL_WIDTH = 430;
  private static final int LABELS = 180;
  private static final int BARS = 180;
  private static final int ROW = 24;
  private static final int BAR = 14;
  private static final int TITLE = 44;

  private static final String STYLE =
      """
      <style>
        text { font: 12px system-ui, -apple-system, "Segoe UI", sans-serif; fill: #6b7684; }
        .title { font-size: 14px; font-weight: 600; }
        .note { font-size: 11px; }
        .value { font-weight: 600; font-variant-numeric: tabular-nums; }
        .ours { fill: #d9541e; }
        .others { fill: #8296aa; }
        .floor { fill: none; stroke: #8296aa; stroke-dasharray: 3 2; }
        .range { stroke: #6b7684; stroke-width: 1.5; }
        @media (prefers-color-scheme: dark) { text { fill: #9aa6b2; } .range { stroke: #c3ccd5; } }
      </style>
      """;

  private final RunResults results;
  private final StringBuilder svg = new StringBuilder();

  ResultChart(RunResults results) {
    this.results = results;
  }

  @Override
  public String toString() {
    svg.setLength(0);
    var panel = TITLE + ROW * results.services().size() + 22;
    var rows = (PANELS.size() + 1) / 2;
    var height = panel * rows + 18 * results.footer().size() + 44;
    line(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" role=\"img\">",
        WIDTH, height);
    line("<title>A request, side by side</title>");
    svg.append(STYLE);
    for (var i = 0; i < PANELS.size(); i++) {
      panel(PANELS.get(i), i % 2 * (WIDTH - PANEL_WIDTH), i / 2 * panel);
    }
    footer(panel * rows + 8);
    return svg.append("</svg>\n").toString();
  }

  private void panel(Figure figure, int x, int y) {
    text("title", x, y + 18, "start", figure.label());
    var direction = figure.lessIsBetter() ? "less is better" : "more is better";
    text("note", x, y + 34, "start", figure.unit().strip() + ", " + direction);
    var max =
        results.services().stream()
            .filter(service -> service.has(figure))
            .mapToDouble(service -> service.spread(figure).high())
            .max()
            .orElse(1);
    for (var i = 0; i < results.services().size(); i++) {
      bar(figure, results.services().get(i), x, y + TITLE + i * ROW, BARS / max);
    }
  }

  private void bar(Figure figure, ServiceMeasurements service, int x, int y, double scale) {
    text("", x + LABELS - 10, y + 11, "end", service.label());
    if (!service.has(figure)) {
      return;
    }
    var spread = service.spread(figure);
    var start = x + LABELS;
    line(
        "<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" rx=\"2\"/>",
        style(service), start, y, Math.max(1, spread.median() * scale), BAR);
    line(
        "<line class=\"range\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\"/>",
        start + spread.low() * scale, start + spread.high() * scale, y + BAR / 2, y + BAR / 2);
    var end = (int) (start + spread.high() * scale);
    text("value", end + 8, y + 11, "start", figure.format(spread.median()));
  }

  private static String style(ServiceMeasurements service) {
    return switch (service.name()) {
      case "partywall" -> "ours";
      case "bare" -> "floor";
      default -> "others";
    };
  }

  private void footer(int y) {
    for (var i = 0; i < results.footer().size(); i++) {
      text("note", 0, y + 12 + i * 18, "start", results.footer().get(i));
    }
    text("note", 0, y + 12 + results.footer().size() * 18, "start", versions());
  }

  private String versions() {
    return String.join(
        ", ",
        results.services().stream()
            .filter(service -> !service.name().equals("bare"))
            .filter(service -> !service.name().equals("spring-cached"))
            .map(service -> service.label() + " " + service.version())
            .toList());
  }

  private void text(String style, int x, int y, String anchor, String content) {
    line(
        "<text class=\"%s\" x=\"%d\" y=\"%d\" text-anchor=\"%s\">%s</text>",
        style, x, y, anchor, escaped(content));
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  private void line(String format, Object... values) {
    svg.append(String.format(Locale.ROOT, format, values)).append('\n');
  }
}
