package dev.partywall.isolation;

import dev.partywall.isolation.VendingFailed.Reason;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

/**
 * Credentials in use, with precomputed values for calls to DynamoDB. Times are in milliseconds
 * since 1970, so a cache hit allocates no object to read the clock.
 *
 * @param identity the credentials in the form that the SDK requests
 * @param since issue time
 * @param renewAt start of renewal
 * @param usableUntil end of use; later requests do not get these credentials
 */
record Held(
    TenantSession session,
    CompletableFuture<AwsCredentialsIdentity> identity,
    long since,
    long renewAt,
    long usableUntil) {
  /** Latest renewal before the expiry, in case STS is unavailable for a while. */
  static final Duration LEAD = Duration.ofMinutes(15);

  /** Renewals are spread over this period before {@link #LEAD}. */
  static final Duration SPREAD = Duration.ofMinutes(10);

  /** A request that starts with the credentials must end before they expire. */
  static final Duration MARGIN = Duration.ofSeconds(30);

  /**
   * Creates an entry for new credentials.
   *
   * @param random from 0 to 1
   * @throws VendingFailed if they have expired already, which happens if a clock is wrong
   */
  static Held of(TenantSession session, long now, double random) {
    var end = session.expires().toEpochMilli();
    var usableUntil = end - MARGIN.toMillis();
    if (usableUntil <= now) {
      throw new VendingFailed(
          Reason.REFUSED,
          new IllegalStateException("the new credentials have expired already; check the clock"));
    }
    // Renew short-lived credentials after half their lifetime, instead of continuously.
    var lead = Math.min(LEAD.toMillis() + (long) (SPREAD.toMillis() * random), (end - now) / 2);
    return new Held(
        session,
        CompletableFuture.completedFuture(session.credentials()),
        now,
        end - lead,
        usableUntil);
  }

  boolean isUsable(long now) {
    return now < usableUntil;
  }

  boolean isDue(long now) {
    return now >= renewAt;
  }
}
