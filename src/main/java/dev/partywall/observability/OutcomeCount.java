package dev.partywall.observability;

import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** Counts what happened, by outcome. Outcomes are words of the code, never of a caller. */
public final class Tally {
  private final Map<String, CounterDataPoint> counts = new ConcurrentHashMap<>();
  private final Function<String, CounterDataPoint> counter;

  Tally(Function<String, CounterDataPoint> counter) {
    this.counter = counter;
  }

  /** It happened once more. */
  public void count(String outcome) {
    counts.computeIfAbsent(outcome, counter).inc();
  }
}
