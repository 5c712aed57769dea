package dev.partywall.attack;

import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.LongAdder;

/** What was tried, what became of it, and what should not have been. */
final class Findings {
  private static final int MOST_BREACHES = 50;

  private final Map<String, Map<String, LongAdder>> outcomes = new ConcurrentHashMap<>();
  private final Queue<String> breaches = new ConcurrentLinkedQueue<>();
  private final LongAdder canaryBytes = new LongAdder();

  /** Something was tried, and ended so. */
  void tried(String kind, String outcome) {
    outcomes
        .computeIfAbsent(kind, _ -> new ConcurrentHashMap<>())
        .computeIfAbsent(outcome, _ -> new LongAdder())
        .increment();
  }

  /** Something came through, or is otherwise not as it must be. */
  void breach(String what) {
    if (breaches.size() < MOST_BREACHES) {
      breaches.add(what);
    }
  }

  /** Something of a tenant's was seen where it must not be. */
  void seen(String where, Iterable<String> things) {
    for (var thing : things) {
      canaryBytes.add(thing.length());
      breach(where + " holds " + thing);
    }
  }

  Queue<String> breaches() {
    return breaches;
  }

  long canaryBytes() {
    return canaryBytes.sum();
  }

  long attempts() {
    return outcomes.values().stream()
        .flatMap(it -> it.values().stream())
        .mapToLong(LongAdder::sum)
        .sum();
  }

  /** How often anything ended so. */
  long outcome(String outcome) {
    return totals().getOrDefault(outcome, 0L);
  }

  /** A table: what was tried, and how often it ended in which way. */
  String figures() {
    var text = new StringBuilder();
    new TreeMap<>(outcomes)
        .forEach((kind, ends) -> text.append("%-50s %s%n".formatted(kind, new TreeMap<>(ends))));
    text.append("%n%,d attempts; by outcome: %s%n".formatted(attempts(), totals()));
    text.append("canary bytes seen: %,d%n".formatted(canaryBytes()));
    text.append("breaches: %,d%n".formatted(breaches.size()));
    breaches.forEach(breach -> text.append("  ").append(breach).append('\n'));
    return text.toString();
  }

  private Map<String, Long> totals() {
    var totals = new TreeMap<String, Long>();
    outcomes
        .values()
        .forEach(ends -> ends.forEach((end, count) -> totals.merge(end, count.sum(), Long::sum)));
    return totals;
  }
}
