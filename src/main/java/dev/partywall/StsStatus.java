package dev.partywall;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How STS is, by what it said when it was asked last. It is asked when a tenant needs credentials
 * and at no other time, so that after a while without a question nothing is known against it.
 */
final class StsStatus {
  /**
   * Longer than the pauses between tries while it is away: that must not look like ups and downs.
   */
  static final Duration HOLDS = Duration.ofMinutes(5);

  private record Failure(String reason, Instant at) {}

  private final InstantSource clock;
  private volatile @Nullable Failure failure;
  private volatile @Nullable Instant gave;

  StsStatus(InstantSource clock) {
    this.clock = clock;
  }

  /** It gave credentials. */
  void well() {
    failure = null;
    gave = now();
  }

  /**
   * It refused: a fault of that one tenant's if others get credentials, and of all if nobody does.
   */
  void refused(String reason) {
    var last = gave;
    if (last == null || isOld(last)) {
      failed(reason);
    }
  }

  /** It gave none, for a reason that is about itself. */
  void failed(String reason) {
    failure = new Failure(reason, now());
  }

  /** Why it gave no credentials, and when; empty when it did, or was not asked for long. */
  Optional<String> problem() {
    var last = failure;
    if (last == null || isOld(last.at())) {
      return Optional.empty();
    }
    return Optional.of("no credentials when last asked, at " + last.at() + ": " + last.reason());
  }

  private boolean isOld(Instant at) {
    return at.plus(HOLDS).isBefore(clock.instant());
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.SECONDS);
  }
}
