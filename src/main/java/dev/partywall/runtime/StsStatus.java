package dev.partywall.runtime;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The health of STS, from the most recent call. STS is called only if a tenant needs credentials,
 * so a failure expires after a period without calls.
 */
final class StsStatus {
  /** Longer than the delays between retries, so an outage does not appear as several. */
  static final Duration MAX_FAILURE_AGE = Duration.ofMinutes(5);

  private record Failure(String reason, Instant at) {}

  private final InstantSource clock;
  private volatile @Nullable Failure failure;
  private volatile @Nullable Instant lastSuccess;

  StsStatus(InstantSource clock) {
    this.clock = clock;
  }

  /** Records that STS issued credentials. */
  void succeeded() {
    failure = null;
    lastSuccess = now();
  }

  /**
   * Records that STS rejected a call. While other tenants get credentials, the rejection concerns
   * one tenant and does not mark STS as degraded.
   */
  void rejected(String reason) {
    var last = lastSuccess;
    if (last == null || isOld(last)) {
      failed(reason);
    }
  }

  /** Records a failure of STS itself. */
  void failed(String reason) {
    failure = new Failure(reason, now());
  }

  /** Returns the last failure and its time; empty after a success or if the failure has expired. */
  Optional<String> problem() {
    var last = failure;
    if (last == null || isOld(last.at())) {
      return Optional.empty();
    }
    return Optional.of("the last call failed at " + last.at() + ": " + last.reason());
  }

  private boolean isOld(Instant at) {
    return at.plus(MAX_FAILURE_AGE).isBefore(clock.instant());
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.SECONDS);
  }
}
