package dev.partywall.isolation;

import dev.partywall.isolation.IssuingFailedException.FailureReason;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

/**
 * Credentials in use, with precomputed values for calls to DynamoDB. Times are in milliseconds
 * since 1970, so a cache hit allocates no object to read the clock.
 *
 * @param identity the credentials in the form that the SDK requests
 * @param issuedAt issue time
 * @param renewAt start of renewal
 * @param usableUntil end of use; later requests do not get these credentials
 */
record CachedCredentials(
    TenantSession session,
    CompletableFuture<AwsCredentialsIdentity> identity,
    long issuedAt,
    long renewAt,
    long usableUntil) {
  /** Latest renewal before the expiry, in case STS is unavailable for a while. */
  static final Duration RENEWAL_LEAD_TIME = Duration.ofMinutes(15);

  /** Renewals are spread over this period before {@link #RENEWAL_LEAD_TIME}. */
  static final Duration RENEWAL_SPREAD = Duration.ofMinutes(10);

  /** A request that starts with the credentials must end before they expire. */
  static final Duration EXPIRY_MARGIN = Duration.ofSeconds(30);

  /**
   * Creates an entry for new credentials.
   *
   * @param random from 0 to 1
   * @throws IssuingFailedException if they have expired already, which happens if a clock is wrong
   */
  static CachedCredentials of(TenantSession session, long now, double random) {
    var end = session.expiresAt().toEpochMilli();
    var usableUntil = end - EXPIRY_MARGIN.toMillis();
    if (usableUntil <= now) {
      throw new IssuingFailedException(
          FailureReason.REJECTED,
          "expired credentials",
          new IllegalStateException("the new credentials have expired already; check the clock"));
    }
    // Renew short-lived credentials after half their lifetime, instead of continuously.
    var lead =
        Math.min(
            RENEWAL_LEAD_TIME.toMillis() + (long) (RENEWAL_SPREAD.toMillis() * random),
            (end - now) / 2);
    return new CachedCredentials(
        session,
        CompletableFuture.completedFuture(session.credentials()),
        now,
        end - lead,
        usableUntil);
  }

  boolean isUsable(long now) {
    return now < usableUntil;
  }

  boolean isRenewalDue(long now) {
    return now >= renewAt;
  }
}
