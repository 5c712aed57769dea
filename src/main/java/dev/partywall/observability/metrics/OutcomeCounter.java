package dev.partywall.observability.metrics;

import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** Counts events by outcome. Outcomes are constants of the code, never values from a client. */
public final class OutcomeCounter {
  private final Map<String, CounterDataPoint> counts = new ConcurrentHashMap<>();
  private final Function<String, CounterDataPoint> counter;

  OutcomeCounter(Function<String, CounterDataPoint> counter) {
    this.counter = counter;
  }

  /** Adds one event. */
  public void increment(String outcome) {
    counts.computeIfAbsent(outcome, counter).inc();
  }
}
