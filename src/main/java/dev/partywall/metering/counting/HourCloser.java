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
 * Counts the writes of the hours that have a mark, for all tenants. An instance that performs
 * counted writes in a tenant's hour marks the hour first and renews the mark from time to time
 * ({@link WriteCounting}). An hour with a mark is open: it may have uncounted writes. This class
 * counts all open hours once after startup, because a crashed instance may have left writes
 * uncounted, and closes each hour later. To close an hour is to count it a last time and to remove
 * its mark.
 *
 * <p>Any instance may do so, and concurrent counts are harmless. An hour may be closed after its
 * end, by this instance's clock, if this instance has seen its mark unchanged for {@link
 * #CLOSING_DELAY}. Then no instance relies on the mark any more. A later write, by a slow clock or
 * one that was set back, renews the mark and keeps the hour open.
 *
 * <p>{@link #catchUp} must be called by one thread at a time, and so must {@link #closeHours}.
 */
public final class HourCloser {
  /**
   * The time for which a mark must be unchanged before its hour is closed. Longer than {@link
   * WriteCounting#MARK_VALIDITY} by more than the maximum duration of a write.
   */
  static final Duration CLOSING_DELAY = Duration.ofMinutes(15);

  private final UncountedHours uncountedHours;
  private final HourlyCounts counts;
  private final InstantSource clock;
  private final LongSupplier nanoTime;
  private final Map<UncountedHours.HourMark, Long> firstSeen = new HashMap<>();
  private @Nullable Set<UncountedHours.HourMark> marksToCatchUp;

  /**
   * Creates a closer that has counted no hour.
   *
   * @param nanoTime a monotonic clock in nanoseconds
   */
  public HourCloser(
      UncountedHours uncountedHours,
      HourlyCounts counts,
      InstantSource clock,
      LongSupplier nanoTime) {
    this.uncountedHours = uncountedHours;
    this.counts = counts;
    this.clock = clock;
    this.nanoTime = nanoTime;
  }

  /**
   * Counts the hours that were open at the first call. The newest are first, because {@code GET
   * /usage} returns the current day by default. Does nothing after all of them are counted.
   *
   * @return the first failure; the next call repeats the failed counts
   */
  public Optional<RuntimeException> catchUp() {
    var remaining = marksToCatchUp();
    return BoundedParallel.each(
        newestFirst(remaining),
        mark -> {
          counts.updateLedger(mark.tenantHour());
          remaining.remove(mark);
        });
  }

  /**
   * Closes the hours that may be closed.
   *
   * @return the first failure; failed hours stay marked
   */
  public Optional<RuntimeException> closeHours() {
    var marks = uncountedHours.marks();
    var now = nanoTime.getAsLong();
    firstSeen.keySet().retainAll(Set.copyOf(marks));
    marks.forEach(mark -> firstSeen.putIfAbsent(mark, now));
    return BoundedParallel.each(
        marks.stream().filter(mark -> mayClose(mark, now)).toList(), this::closeHour);
  }

  /** Returns the marks that are not yet counted. Reads the marks in the first call only. */
  private Set<UncountedHours.HourMark> marksToCatchUp() {
    var marks = marksToCatchUp;
    if (marks == null) {
      marks = ConcurrentHashMap.newKeySet();
      marks.addAll(uncountedHours.marks());
      marksToCatchUp = marks;
    }
    return marks;
  }

  /**
   * Combines two clocks. Only the wall clock knows the end of the hour, but it can be set. The age
   * of the mark is therefore measured with the monotonic clock. A wrong wall clock only closes an
   * hour before its end, and the next write marks it again.
   */
  private boolean mayClose(UncountedHours.HourMark mark, long now) {
    var seenAt = firstSeen.getOrDefault(mark, now);
    return Usage.startOfHour(clock.instant()).isAfter(mark.tenantHour().hour())
        && now - seenAt >= CLOSING_DELAY.toNanos();
  }

  private void closeHour(UncountedHours.HourMark mark) {
    counts.updateLedger(mark.tenantHour());
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
