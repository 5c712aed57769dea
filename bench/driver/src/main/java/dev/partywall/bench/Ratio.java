package dev.partywall.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.DoubleBinaryOperator;
import java.util.stream.IntStream;

/**
 * A figure of the product divided by the figure of another service. Only ratios are recorded,
 * because they vary far less between machines than times do.
 */
record Ratio(String name, Spread spread) {
  /** The compared figures in display order. */
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

  /** Returns the ratios of all compared figures to all other services. */
  static List<Ratio> of(List<ServiceMeasurements> services) {
    var ratios = new ArrayList<Ratio>();
    subject(services)
        .ifPresent(subject -> {
          for (var other : services) {
            if (other != subject) {
              COMPARED.forEach(figure -> of(figure, subject, other).ifPresent(ratios::add));
            }
          }
        });
    return ratios;
  }

  /** Returns the numerator service: the product, or the second of two builds. */
  static Optional<ServiceMeasurements> subject(List<ServiceMeasurements> services) {
    var product = services.stream().filter(s -> s.name().equals(PRODUCT)).findFirst();
    return product.isEmpty() && services.size() == 2 ? Optional.of(services.getLast()) : product;
  }

  static Optional<Ratio> of(Figure figure, ServiceMeasurements subject, ServiceMeasurements other) {
    var name = figure.name().toLowerCase(Locale.ROOT) + "/" + other.name();
    return perRound(
            figure, subject, other, (subjectValues, otherValues) -> subjectValues / otherValues)
        .map(spread -> new Ratio(name, spread));
  }

  /** Combines the values per round, because a disturbance of a round affects both services. */
  static Optional<Spread> perRound(
      Figure figure,
      ServiceMeasurements subject,
      ServiceMeasurements other,
      DoubleBinaryOperator operator) {
    var subjectValues = subject.values(figure);
    var otherValues = other.values(figure);
    var all =
        IntStream.range(0, Math.min(subjectValues.size(), otherValues.size()))
            .mapToDouble(
                round -> operator.applyAsDouble(subjectValues.get(round), otherValues.get(round)))
            .boxed()
            .toList();
    return all.isEmpty() ? Optional.empty() : Optional.of(Spread.of(all));
  }
}
