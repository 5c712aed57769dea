package dev.partywall.isolation;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What failures have taught: not to ask STS again at once. A tenant that has no credentials is
 * tried again after a second, so that it is served soon after STS is back; one that has some can
 * wait longer, and waits a time drawn at random, so that not all come at once when STS is back.
 *
 * @param failures in a row
 * @param since when the last one was, in milliseconds since 1970
 * @param pause how long a renewal waits, in milliseconds
 */
record Setback(int failures, long since, long pause, @Nullable Throwable cause) {
  static final Setback NONE = new Setback(0, 0, 0, null);

  /** How long a tenant without credentials is refused without asking STS. */
  static final Duration FIRST_PAUSE = Duration.ofSeconds(1);

  /** The longest that a renewal waits. */
  static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

  /** One more. {@code random} is from 0 to 1. */
  Setback next(Throwable why, long now, double random) {
    var longest = FIRST_PAUSE.toMillis() << Math.min(failures, 10);
    var capped = Math.min(longest, LONGEST_PAUSE.toMillis());
    return new Setback(failures + 1, now, (long) (capped * (1 + random) / 2), why);
  }

  boolean delaysFirst(long now) {
    return within(FIRST_PAUSE.toMillis(), now);
  }

  boolean delaysRenewal(long now) {
    return within(pause, now);
  }

  /** A clock that was set back must not make the pause longer. */
  private boolean within(long length, long now) {
    var passed = now - since;
    return failures > 0 && passed >= 0 && passed < length;
  }
}
