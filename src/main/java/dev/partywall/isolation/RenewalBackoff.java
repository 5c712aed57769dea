package dev.partywall.isolation;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Backoff after failed calls to STS. For a tenant without credentials the service retries after one
 * second, to serve the tenant soon after STS recovers. A tenant with credentials can wait longer.
 * Its delay is random, which spreads the renewals after STS recovers.
 *
 * @param failures number of consecutive failures
 * @param failedAt time of the last failure, in milliseconds since 1970
 * @param renewalDelay delay of a renewal, in milliseconds
 */
record RenewalBackoff(int failures, long failedAt, long renewalDelay, @Nullable Throwable cause) {
  static final RenewalBackoff NONE = new RenewalBackoff(0, 0, 0, null);

  /** The period in which a tenant without credentials is rejected without calling STS. */
  static final Duration FIRST_DELAY = Duration.ofSeconds(1);

  /** The maximum delay of a renewal. */
  static final Duration MAX_RENEWAL_DELAY = Duration.ofMinutes(1);

  /**
   * Returns the backoff after one more failure.
   *
   * @param random from 0 to 1
   */
  RenewalBackoff afterFailure(Throwable failure, long now, double random) {
    var uncapped = FIRST_DELAY.toMillis() << Math.min(failures, 10);
    var capped = Math.min(uncapped, MAX_RENEWAL_DELAY.toMillis());
    return new RenewalBackoff(failures + 1, now, (long) (capped * (1 + random) / 2), failure);
  }

  boolean delaysFirstCall(long now) {
    return within(FIRST_DELAY.toMillis(), now);
  }

  boolean delaysRenewal(long now) {
    return within(renewalDelay, now);
  }

  /** Does not extend the delay if the clock was set back. */
  private boolean within(long delay, long now) {
    var elapsed = now - failedAt;
    return failures > 0 && elapsed >= 0 && elapsed < delay;
  }
}
