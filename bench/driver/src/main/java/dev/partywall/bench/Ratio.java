package dev.partywall.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Ours divided by somebody else's. Ratios travel from machine to machine far better than times do,
 * so they alone are kept.
 */
record Ratio(String name, Spread spread) {
  private static final List<Figure> COMPARED =
      List.of(
          Figure.CPU,
          Figure.THROUGHPUT,
          Figure.RSS,
          Figure.START,
          Figure.START_CACHED,
          Figure.SIZE);

  /** Of every figure that is compared, against every other service. */
  static List<Ratio> of(List<Measured> services) {
    var ratios = new ArrayList<Ratio>();
    var ours = services.stream().filter(s -> s.name().equals("partywall")).findFirst();
    if (ours.isPresent()) {
      for (var other : services) {
        if (other != ours.get()) {
          COMPARED.forEach(figure -> of(figure, ours.get(), other).ifPresent(ratios::add));
        }
      }
    }
    return ratios;
  }

  /** Round by round, since what disturbs a round disturbs both sides of it. */
  private static Optional<Ratio> of(Figure figure, Measured ours, Measured other) {
    var rounds = Math.min(ours.values(figure).size(), other.values(figure).size());
    var quotients = new ArrayList<Double>();
    for (var round = 0; round < rounds; round++) {
      quotients.add(ours.values(figure).get(round) / other.values(figure).get(round));
    }
    var name = figure.name().toLowerCase(Locale.ROOT) + "/" + other.name();
    return quotients.isEmpty()
        ? Optional.empty()
        : Optional.of(new Ratio(name, Spread.of(quotients)));
  }
}
