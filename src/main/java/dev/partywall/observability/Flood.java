package dev.partywall.observability;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.ObjLongConsumer;

/**
 * Lets the first few of equal events through in each window of time and counts the rest, so that a
 * flood costs little and nothing of it is lost. The number of different events is bounded: those
 * beyond it are all let through, one by one.
 */
final class Flood<K> {
  private static final Duration WINDOW = Duration.ofSeconds(10);
  private static final int FIRST = 10;
  private static final int MOST_KEYS = 10_000;

  private final InstantSource clock;
  private final ObjLongConsumer<K> summary;
  private final ReentrantLock lock = new ReentrantLock();
  private Map<K, Long> counts = new HashMap<>();
  private Instant end = Instant.MIN;

  /** {@code summary} is told how many were held back. */
  Flood(InstantSource clock, ObjLongConsumer<K> summary) {
    this.clock = clock;
    this.summary = summary;
  }

  /** Whether this one is told by itself. */
  boolean lets(K key) {
    lock.lock();
    try {
      if (counts.size() >= MOST_KEYS && !counts.containsKey(key)) {
        return true;
      }
      return counts.merge(key, 1L, Long::sum) <= FIRST;
    } finally {
      lock.unlock();
    }
  }

  /** Tells the counts whose window has ended. It lasts until then, too, if this comes late. */
  void tick() {
    tellUntil(clock.instant());
  }

  /** Tells all counts. */
  void drain() {
    tellUntil(Instant.MAX);
  }

  private void tellUntil(Instant now) {
    takeUntil(now).forEach(this::tell);
  }

  private Map<K, Long> takeUntil(Instant now) {
    lock.lock();
    try {
      if (now.isBefore(end)) {
        return Map.of();
      }
      end = clock.instant().plus(WINDOW);
      var ended = counts;
      counts = new HashMap<>();
      return ended;
    } finally {
      lock.unlock();
    }
  }

  // Outside of the lock: no request shall wait for what is told.
  private void tell(K key, long seen) {
    if (seen > FIRST) {
      summary.accept(key, seen - FIRST);
    }
  }
}
