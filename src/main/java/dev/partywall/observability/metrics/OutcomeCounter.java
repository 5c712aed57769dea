package dev.partywall.observability.metrics;

import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Counts events by outcome, in one time series each. Outcomes are constants of the code, never
 * values from a client, which could create any number of series.
 */
public final class OutcomeCounter {
  private final Map<String, CounterDataPoint> counts = new ConcurrentHashMap<>();
  private final Function<String, CounterDataPoint> newSeries;

  OutcomeCounter(Function<String, CounterDataPoint> newSeries) {
    this.newSeries = newSeries;
  }

  /** Adds one event with this outcome. */
  public void increment(String outcome) {
    counts.computeIfAbsent(outcome, newSeries).inc();
  }
}
