package dev.partywall.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.DoubleBinaryOperator;
import java.util.stream.IntStream;

/**
 * Ours divided by somebody else's. Ratios travel from machine to machine far better than times do,
 * so they alone are kept.
 */
record Ratio(String name, Spread spread) {
  /** In the order in which they are shown. */
  static final List<Figure> COMPARED =
      List.of(
          Figure.CPU,
          Figure.CPU_PACED,
          Figure.THROUGHPUT,
          Figure.P50,
          Figure.P99,
          Figure.RSS,
          Figure.START,
          Figure.START_CACHED,
          Figure.SIZE);

  private static final String PRODUCT = "partywall";

  /** Of every figure that is compared, against every other service. */
  static List<Ratio> of(List<ServiceMeasurements> services) {
    var ratios = new ArrayList<Ratio>();
    ours(services)
        .ifPresent(ours -> {
          for (var other : services) {
            if (other != ours) {
              COMPARED.forEach(figure -> of(figure, ours, other).ifPresent(ratios::add));
            }
          }
        });
    return ratios;
  }

  /** Who is divided by the others: the product, or of two builds of it the second. */
  static Optional<ServiceMeasurements> ours(List<ServiceMeasurements> services) {
    var product = services.stream().filter(s -> s.name().equals(PRODUCT)).findFirst();
    return product.isEmpty() && services.size() == 2 ? Optional.of(services.getLast()) : product;
  }

  static Optional<Ratio> of(Figure figure, ServiceMeasurements ours, ServiceMeasurements other) {
    var name = figure.name().toLowerCase(Locale.ROOT) + "/" + other.name();
    return byRound(figure, ours, other, (our, their) -> our / their)
        .map(spread -> new Ratio(name, spread));
  }

  /** Round by round, since what disturbs a round disturbs both sides of it. */
  static Optional<Spread> byRound(
      Figure figure, ServiceMeasurements ours, ServiceMeasurements other, DoubleBinaryOperator beside) {
    var our = ours.values(figure);
    var their = other.values(figure);
    var all =
        IntStream.range(0, Math.min(our.size(), their.size()))
            .mapToDouble(round -> beside.applyAsDouble(our.get(round), their.get(round)))
            .boxed()
            .toList();
    return all.isEmpty() ? Optional.empty() : Optional.of(Spread.of(all));
  }
}
