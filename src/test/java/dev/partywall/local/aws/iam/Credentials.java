package dev.partywall.local.aws.iam;

import java.time.Instant;
import java.util.Optional;

/**
 * A key that signs requests, and whose it is.
 *
 * @param sessionToken what a temporary key must be shown with; empty for a user's own key
 * @param expiration when a temporary key ends
 */
public record Credentials(
    String accessKeyId,
    String secretAccessKey,
    Optional<String> sessionToken,
    Optional<Instant> expiration,
    Identity identity) {

  /** A user's own key, which lasts. */
  public static Credentials lasting(String id, String secret, Identity identity) {
    return new Credentials(id, secret, Optional.empty(), Optional.empty(), identity);
  }

  Credentials endingAt(Instant end) {
    return new Credentials(accessKeyId, secretAccessKey, sessionToken, Optional.of(end), identity);
  }

  /** The secret stays out of logs. */
  @Override
  public String toString() {
    return "Credentials[" + accessKeyId + " of " + identity.arn() + "]";
  }
}
