package dev.partywall.attack;

import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.LongAdder;

/** The attempts with their outcomes, and the findings. */
final class Findings {
  private static final int MAX_BREACHES = 50;

  private final Map<String, Map<String, LongAdder>> outcomes = new ConcurrentHashMap<>();
  private final Queue<String> reported = new ConcurrentLinkedQueue<>();
  private final LongAdder leakedBytes = new LongAdder();

  /** Records an attempt and its outcome. */
  void recordAttempt(String kind, String outcome) {
    outcomes
        .computeIfAbsent(kind, _ -> new ConcurrentHashMap<>())
        .computeIfAbsent(outcome, _ -> new LongAdder())
        .increment();
  }

  /** Records a finding. Later findings are dropped above the maximum. */
  void report(String finding) {
    if (reported.size() < MAX_BREACHES) {
      reported.add(finding);
    }
  }

  /** Records each leak: data of a tenant in a place where it must not appear. */
  void reportLeaks(String where, Iterable<String> leaks) {
    for (var leak : leaks) {
      leakedBytes.add(leak.length());
      report(where + " contains " + leak);
    }
  }

  Queue<String> reported() {
    return reported;
  }

  long leakedBytes() {
    return leakedBytes.sum();
  }

  long attempts() {
    return outcomes.values().stream()
        .flatMap(counts -> counts.values().stream())
        .mapToLong(LongAdder::sum)
        .sum();
  }

  /** Returns the number of attempts with this outcome. */
  long attemptsWith(String outcome) {
    return totals().getOrDefault(outcome, 0L);
  }

  /** Returns a table of the attempts of each kind by outcome, and the findings. */
  String summary() {
    var text = new StringBuilder();
    new TreeMap<>(outcomes)
        .forEach(
            (kind, counts) -> text.append("%-50s %s%n".formatted(kind, new TreeMap<>(counts))));
    text.append("%n%,d attempts; by outcome: %s%n".formatted(attempts(), totals()));
    text.append("canary bytes leaked: %,d%n".formatted(leakedBytes()));
    text.append("findings: %,d%n".formatted(reported.size()));
    reported.forEach(finding -> text.append("  ").append(finding).append('\n'));
    return text.toString();
  }

  private Map<String, Long> totals() {
    var totals = new TreeMap<String, Long>();
    outcomes
        .values()
        .forEach(counts ->
            counts.forEach((outcome, count) -> totals.merge(outcome, count.sum(), Long::sum)));
    return totals;
  }
}
