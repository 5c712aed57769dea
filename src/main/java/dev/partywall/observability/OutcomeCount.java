package dev.partywall.observability;

import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** Counts what happened, by outcome. Outcomes are words of the code, never of a caller. */
public final class OutcomeCount {
  private final Map<String, CounterDataPoint> counts = new ConcurrentHashMap<>();
  private final Function<String, CounterDataPoint> counter;

  OutcomeCount(Function<String, CounterDataPoint> counter) {
    this.counter = counter;
  }

  /** It happened once more. */
  public void count(String outcome) {
    counts.computeIfAbsent(outcome, counter).inc();
  }
}
