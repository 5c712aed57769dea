package dev.partywall.metering.counting;

import dev.partywall.storage.CountedWrites.IdRange;
import java.time.Duration;
import java.time.Instant;
import java.util.function.ToLongFunction;

/**
 * A count of an hour's writes that the next count continues, because ids sort by time. The markers
 * before a position are counted once. Later markers are counted each time, because a write becomes
 * visible after writes with later ids.
 *
 * <p>An instance counts its own writes exactly: their ids and the position are of one clock, and a
 * write with an older id causes a count of all markers. The count may miss a write of an instance
 * whose clock is slow by more than the overlap. That instance counts the write itself.
 *
 * @param position the position before which the markers were counted
 * @param before the number of markers before the position
 * @param total the number of all markers
 */
record InterimCount(String position, long before, long total) {
  /** The count before the first one. Its successor counts all markers. */
  static final InterimCount NONE = new InterimCount(IdRange.START, 0, 0);

  /** The maximum age of an id and duration of a write (40 s), with a margin. */
  static final Duration OVERLAP = Duration.ofSeconds(60);

  /** To move the position costs a second query. Therefore it moves once a minute, not each time. */
  private static final Duration STEP = Duration.ofSeconds(60);

  /** Returns this count without its position. Its successor counts all markers. */
  InterimCount restarted() {
    return new InterimCount(IdRange.START, 0, total);
  }

  /**
   * Returns the next count.
   *
   * @param markers returns the current number of markers in a range of ids
   */
  InterimCount next(ToLongFunction<IdRange> markers, Instant now) {
    var settled = IdRange.position(now.minus(OVERLAP));
    if (settled.compareTo(position) < 0) {
      // The clock was set back: new ids may sort before the position.
      return restarted().next(markers, now);
    }
    if (IdRange.position(now.minus(OVERLAP).minus(STEP)).compareTo(position) < 0) {
      return new InterimCount(
          position, before, before + markers.applyAsLong(IdRange.from(position)));
    }
    var moved = before + markers.applyAsLong(new IdRange(position, settled));
    return new InterimCount(settled, moved, moved + markers.applyAsLong(IdRange.from(settled)));
  }
}
