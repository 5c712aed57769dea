package dev.partywall.metering;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Counts the uncounted hours of all tenants. After startup it counts all of them, because a crashed
 * instance may have left orders uncounted. It counts each hour a last time when the hour is over.
 *
 * <p>Any instance may do so, and concurrent counts are harmless. An hour is over when the clock has
 * passed it and this instance has seen its mark unchanged for {@link #STANDING}. Then no instance
 * relies on the mark any more. A later order, by a slow clock or one that was set back, renews the
 * mark and keeps the hour open.
 *
 * <p>One thread catches up, and one thread closes hours.
 */
final class ClosingHours {
  /** Longer than the validity of a mark by more than the maximum duration of an order. */
  static final Duration STANDING = Duration.ofMinutes(15);

  private final OpenHours uncountedHours;
  private final OrderCounts orderCount;
  private final InstantSource clock;
  private final LongSupplier nanoTime;
  private final Map<OpenHours.Note, Long> firstSeen = new HashMap<>();
  private @Nullable Set<OpenHours.Note> uncountedMarks;

  ClosingHours(
      OpenHours uncountedHours,
      OrderCounts orderCount,
      InstantSource clock,
      LongSupplier nanoTime) {
    this.uncountedHours = uncountedHours;
    this.orderCount = orderCount;
    this.clock = clock;
    this.nanoTime = nanoTime;
  }

  /**
   * Counts the hours that earlier instances may have left uncounted, newest first. Does nothing
   * after all of them are counted.
   *
   * @return the first failure; failed counts are repeated in the next call
   */
  Optional<RuntimeException> catchUp() {
    var remaining =
        uncountedMarks == null ? ConcurrentHashMap.<OpenHours.Note>newKeySet() : uncountedMarks;
    if (uncountedMarks == null) {
      remaining.addAll(uncountedHours.all());
      uncountedMarks = remaining;
    }
    return AtOnce.each(
        newestFirst(remaining),
        mark -> {
          orderCount.tell(mark.slot(), 0);
          remaining.remove(mark);
        });
  }

  /**
   * Counts the hours that are over, and removes their marks.
   *
   * @return the first failure; failed hours stay marked
   */
  Optional<RuntimeException> close() {
    var marks = uncountedHours.all();
    var now = nanoTime.getAsLong();
    firstSeen.keySet().retainAll(Set.copyOf(marks));
    marks.forEach(mark -> firstSeen.putIfAbsent(mark, now));
    return AtOnce.each(marks.stream().filter(mark -> isOver(mark, now)).toList(), this::closeHour);
  }

  private boolean isOver(OpenHours.Note mark, long now) {
    var seenAt = firstSeen.getOrDefault(mark, now);
    return Usage.startOf(clock.instant()).isAfter(mark.slot().hour())
        && now - seenAt >= STANDING.toNanos();
  }

  private void closeHour(OpenHours.Note mark) {
    orderCount.tell(mark.slot(), 0);
    uncountedHours.strike(mark);
  }

  private static List<OpenHours.Note> newestFirst(Collection<OpenHours.Note> marks) {
    return marks.stream()
        .sorted(Comparator.comparing((OpenHours.Note mark) -> mark.slot().hour()).reversed())
        .toList();
  }
}
