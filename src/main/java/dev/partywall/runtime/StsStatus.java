package dev.partywall.runtime;

import dev.partywall.isolation.CredentialListener;
import dev.partywall.isolation.IssuingFailedException.FailureReason;
import dev.partywall.observability.metrics.OutcomeCounter;
import dev.partywall.tenancy.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Counts the events of tenant credentials, and derives the health of STS from the most recent call.
 * STS is called only if a tenant needs credentials, so a failure expires after a period without
 * calls.
 */
final class StsStatus implements CredentialListener {
  /** Longer than the delays between retries, so an outage does not appear as several. */
  static final Duration MAX_FAILURE_AGE = Duration.ofMinutes(5);

  private record Failure(String reason, Instant at) {}

  private final OutcomeCounter count;
  private final InstantSource clock;
  private volatile @Nullable Failure failure;
  private volatile @Nullable Instant lastSuccess;

  StsStatus(OutcomeCounter count, InstantSource clock) {
    this.count = count;
    this.clock = clock;
  }

  @Override
  public void hit() {
    count.increment("hit");
  }

  @Override
  public void issued(TenantId tenant, Duration duration) {
    succeeded("issued");
  }

  @Override
  public void renewed(TenantId tenant, Duration duration) {
    succeeded("renewed");
  }

  /**
   * {@inheritDoc}
   *
   * <p>While other tenants get credentials, a rejection concerns one tenant and does not mark STS
   * as degraded.
   */
  @Override
  public void failed(TenantId tenant, FailureReason reason, boolean renewal) {
    count.increment(renewal ? "renewal_failed" : "failed");
    var last = lastSuccess;
    if (reason != FailureReason.REJECTED || last == null || isOld(last)) {
      failure = new Failure(reason.toString(), now());
    }
  }

  @Override
  public void invalidated(TenantId tenant) {
    count.increment("invalidated");
  }

  private void succeeded(String outcome) {
    failure = null;
    lastSuccess = now();
    count.increment(outcome);
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
