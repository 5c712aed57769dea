package dev.partywall.isolation;

import dev.partywall.isolation.VendingFailed.Reason;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

/**
 * Credentials in use. All that a call to DynamoDB needs of them is made here once. Times are
 * milliseconds since 1970, since a hit should not make an object to look at the clock.
 *
 * @param identity the form in which the SDK asks for them
 * @param since when they came
 * @param renewAt from when on they should be replaced
 * @param usableUntil from when on they are not handed out any more
 */
record Held(
    TenantSession session,
    CompletableFuture<AwsCredentialsIdentity> identity,
    long since,
    long renewAt,
    long usableUntil) {
  /** So long before their end they are replaced at the latest: STS may be away meanwhile. */
  static final Duration LEAD = Duration.ofMinutes(15);

  /** Replacements are spread over this time before that. */
  static final Duration SPREAD = Duration.ofMinutes(10);

  /** A request that starts with them must be over before they are. */
  static final Duration MARGIN = Duration.ofSeconds(30);

  /**
   * Credentials that have just come.
   *
   * @param random from 0 to 1
   * @throws VendingFailed where they are over already, which happens when a clock is wrong
   */
  static Held of(TenantSession session, long now, double random) {
    var end = session.expires().toEpochMilli();
    var usableUntil = end - MARGIN.toMillis();
    if (usableUntil <= now) {
      throw new VendingFailed(
          Reason.REFUSED, new IllegalStateException("expired on arrival: is the clock right?"));
    }
    // Short-lived ones are replaced at half time, and not all the time.
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
