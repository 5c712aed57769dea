package dev.partywall.storage;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;

/** A clock that a test sets forward. */
public final class MovedClock implements InstantSource {
  private final AtomicReference<Instant> now;

  public MovedClock(Instant start) {
    now = new AtomicReference<>(start);
  }

  @Override
  public Instant instant() {
    return now.get();
  }

  public void move(Duration duration) {
    now.updateAndGet(instant -> instant.plus(duration));
  }
}
