package dev.partywall.observability;

import dev.partywall.tenancy.RequestScope;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
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
  private Map<K, Count> counts = new HashMap<>();
  private Instant end = Instant.MIN;

  /** How often an event came in this window, and in which request it came last. */
  private record Count(long seen, Optional<RequestScope> last) {
    static Count one() {
      return new Count(1, RequestScope.current());
    }

    Count next() {
      return new Count(seen + 1, RequestScope.current());
    }
  }

  /** {@code summary} is told how many were held back, inside of the last one's request. */
  Flood(InstantSource clock, ObjLongConsumer<K> summary) {
    this.clock = clock;
    this.summary = summary;
  }

  /** Whether this one is told by itself. */
  boolean lets(K key) {
    tick();
    lock.lock();
    try {
      if (counts.size() >= MOST_KEYS && !counts.containsKey(key)) {
        return true;
      }
      return counts.merge(key, Count.one(), (count, _) -> count.next()).seen() <= FIRST;
    } finally {
      lock.unlock();
    }
  }

  /** Tells the counts whose window has ended. */
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

  private Map<K, Count> takeUntil(Instant now) {
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

  // Outside of the lock: the telling may wait for the output.
  private void tell(K key, Count count) {
    if (count.seen() > FIRST) {
      count
          .last()
          .ifPresentOrElse(scope -> scope.call(() -> told(key, count)), () -> told(key, count));
    }
  }

  private boolean told(K key, Count count) {
    summary.accept(key, count.seen() - FIRST);
    return true;
  }
}
