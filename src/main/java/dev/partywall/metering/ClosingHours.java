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
 * Counts the open hours of everybody: all of them once after the start, because an instance that
 * crashed may have placed orders which it did not count; and each a last time when it is over.
 *
 * <p>Any instance may do that, and it does no harm if two do. An hour is over when the clock says
 * so and its note has stood unchanged before this instance's own eyes for {@link #STANDING}: then
 * no instance is left that trusts it, and an order that comes after all, by a clock that runs
 * behind or was set back, notes it anew and so keeps it open.
 *
 * <p>Catching up is one thread's work, and closing is one thread's.
 */
final class ClosingHours {
  /** Longer than a note is trusted, by more than an order can be on its way. */
  static final Duration STANDING = Duration.ofMinutes(15);

  private final OpenHours open;
  private final OrderCounts counts;
  private final InstantSource clock;
  private final LongSupplier nanoTime;
  private final Map<OpenHours.Note, Long> seenSince = new HashMap<>();
  private @Nullable Set<OpenHours.Note> leftBehind;

  ClosingHours(OpenHours open, OrderCounts counts, InstantSource clock, LongSupplier nanoTime) {
    this.open = open;
    this.counts = counts;
    this.clock = clock;
    this.nanoTime = nanoTime;
  }

  /**
   * Counts what earlier instances may have left uncounted, newest hours first. Once all of it is
   * counted this does nothing more.
   *
   * @return the first failure; what failed is counted the next time
   */
  Optional<RuntimeException> catchUp() {
    var left = leftBehind == null ? ConcurrentHashMap.<OpenHours.Note>newKeySet() : leftBehind;
    if (leftBehind == null) {
      left.addAll(open.all());
      leftBehind = left;
    }
    return AtOnce.each(
        newestFirst(left),
        note -> {
          counts.tell(note.slot(), 0);
          left.remove(note);
        });
  }

  /**
   * Counts the hours that are over, and closes them.
   *
   * @return the first failure; what failed stays open
   */
  Optional<RuntimeException> close() {
    var notes = open.all();
    var now = nanoTime.getAsLong();
    seenSince.keySet().retainAll(Set.copyOf(notes));
    notes.forEach(note -> seenSince.putIfAbsent(note, now));
    return AtOnce.each(notes.stream().filter(note -> isOver(note, now)).toList(), this::close);
  }

  private boolean isOver(OpenHours.Note note, long now) {
    var since = seenSince.getOrDefault(note, now);
    return Usage.startOf(clock.instant()).isAfter(note.slot().hour())
        && now - since >= STANDING.toNanos();
  }

  private void close(OpenHours.Note note) {
    counts.tell(note.slot(), 0);
    open.strike(note);
  }

  private static List<OpenHours.Note> newestFirst(Collection<OpenHours.Note> notes) {
    return notes.stream()
        .sorted(Comparator.comparing((OpenHours.Note note) -> note.slot().hour()).reversed())
        .toList();
  }
}
