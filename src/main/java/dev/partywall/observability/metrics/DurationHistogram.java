package dev.partywall.observability.metrics;

import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.snapshots.Unit;

/** The form that all histograms of durations share. */
final class DurationHistogram {
  private DurationHistogram() {}

  /**
   * Returns a builder of a histogram in seconds.
   *
   * @param upperBounds in seconds, as OpenTelemetry's conventions recommend them for the metric
   */
  static Histogram.Builder named(String name, String help, double... upperBounds) {
    return Histogram.builder()
        .name(name)
        .help(help)
        .unit(Unit.SECONDS)
        // The two text formats of the endpoint cannot transmit native histograms.
        .classicOnly()
        .classicUpperBounds(upperBounds)
        // An exemplar refers to an exported span, and the service exports none.
        .withoutExemplars();
  }
}
