package dev.partywall.observability.audit;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.ObjLongConsumer;

/**
 * Allows the first 10 equal events in each window of 10 s and counts the rest. A flood therefore
 * costs little, and its size is still recorded. At most 10,000 different events are tracked; events
 * beyond this bound are all allowed.
 */
final class DuplicateSuppressor<K> {
  // The first ten show an operator the actors and paths of an attack. The window bounds the audit
  // of a flood to about one line per second and key. Counts are written while the flood
  // continues.
  private static final Duration WINDOW = Duration.ofSeconds(10);
  private static final int MAX_ALLOWED = 10;
  private static final int MAX_KEYS = 10_000;

  private final InstantSource clock;
  private final ObjLongConsumer<K> summary;
  private final ReentrantLock lock = new ReentrantLock();
  private Map<K, Long> counts = new HashMap<>();
  private Instant windowEnd = Instant.MIN;

  /** Creates a suppressor that reports the number of suppressed events to {@code summary}. */
  DuplicateSuppressor(InstantSource clock, ObjLongConsumer<K> summary) {
    this.clock = clock;
    this.summary = summary;
  }

  /** Counts the event, and returns whether to report it individually. */
  boolean allow(K key) {
    lock.lock();
    try {
      if (counts.size() >= MAX_KEYS && !counts.containsKey(key)) {
        return true;
      }
      return counts.merge(key, 1L, Long::sum) <= MAX_ALLOWED;
    } finally {
      lock.unlock();
    }
  }

  /** Reports the counts of the window if it has ended. A late call extends the window. */
  void reportDue() {
    reportUntil(clock.instant());
  }

  /** Reports all counts. */
  void reportAll() {
    reportUntil(Instant.MAX);
  }

  private void reportUntil(Instant now) {
    removeUntil(now).forEach(this::report);
  }

  private Map<K, Long> removeUntil(Instant now) {
    lock.lock();
    try {
      if (now.isBefore(windowEnd)) {
        return Map.of();
      }
      windowEnd = clock.instant().plus(WINDOW);
      var ended = counts;
      counts = new HashMap<>();
      return ended;
    } finally {
      lock.unlock();
    }
  }

  // Runs outside the lock: requests must not wait for the report.
  private void report(K key, long seen) {
    if (seen > MAX_ALLOWED) {
      summary.accept(key, seen - MAX_ALLOWED);
    }
  }
}
