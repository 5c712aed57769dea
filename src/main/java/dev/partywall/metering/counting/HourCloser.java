package dev.partywall.metering.counting;

import dev.partywall.concurrent.BoundedParallel;
import dev.partywall.metering.ledger.UncountedHours;
import dev.partywall.metering.meter.Usage;
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
 * passed it and this instance has seen its mark unchanged for {@link #CLOSING_DELAY}. Then no
 * instance relies on the mark any more. A later order, by a slow clock or one that was set back,
 * renews the mark and keeps the hour open.
 *
 * <p>One thread catches up, and one thread closes hours.
 */
public final class HourCloser {
  /** Longer than the validity of a mark by more than the maximum duration of an order. */
  static final Duration CLOSING_DELAY = Duration.ofMinutes(15);

  private final UncountedHours uncountedHours;
  private final HourlyOrderCount orderCount;
  private final InstantSource clock;
  private final LongSupplier nanoTime;
  private final Map<UncountedHours.HourMark, Long> firstSeen = new HashMap<>();
  private @Nullable Set<UncountedHours.HourMark> uncountedMarks;

  /**
   * Creates the state of an instance that has counted nothing.
   *
   * @param nanoTime measures durations; monotonic
   */
  public HourCloser(
      UncountedHours uncountedHours,
      HourlyOrderCount orderCount,
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
  public Optional<RuntimeException> catchUp() {
    var remaining = uncountedMarks();
    return BoundedParallel.each(
        newestFirst(remaining),
        mark -> {
          orderCount.updateLedger(mark.tenantHour(), 0);
          remaining.remove(mark);
        });
  }

  /**
   * Counts the hours that are over, and removes their marks.
   *
   * @return the first failure; failed hours stay marked
   */
  public Optional<RuntimeException> closePastHours() {
    var marks = uncountedHours.marks();
    var now = nanoTime.getAsLong();
    firstSeen.keySet().retainAll(Set.copyOf(marks));
    marks.forEach(mark -> firstSeen.putIfAbsent(mark, now));
    return BoundedParallel.each(
        marks.stream().filter(mark -> isOver(mark, now)).toList(), this::closeHour);
  }

  /** Lists the marks in the first call only. */
  private Set<UncountedHours.HourMark> uncountedMarks() {
    var marks = uncountedMarks;
    if (marks == null) {
      marks = ConcurrentHashMap.newKeySet();
      marks.addAll(uncountedHours.marks());
      uncountedMarks = marks;
    }
    return marks;
  }

  private boolean isOver(UncountedHours.HourMark mark, long now) {
    var seenAt = firstSeen.getOrDefault(mark, now);
    return Usage.startOfHour(clock.instant()).isAfter(mark.tenantHour().hour())
        && now - seenAt >= CLOSING_DELAY.toNanos();
  }

  private void closeHour(UncountedHours.HourMark mark) {
    orderCount.updateLedger(mark.tenantHour(), 0);
    uncountedHours.removeMark(mark);
  }

  private static List<UncountedHours.HourMark> newestFirst(
      Collection<UncountedHours.HourMark> marks) {
    return marks.stream()
        .sorted(
            Comparator.comparing((UncountedHours.HourMark mark) -> mark.tenantHour().hour())
                .reversed())
        .toList();
  }
}
