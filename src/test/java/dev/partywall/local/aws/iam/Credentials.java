package dev.partywall.local.aws.iam;

import java.time.Instant;
import java.util.Optional;

/**
 * An access key and its principal.
 *
 * @param sessionToken required with a temporary key; empty for a user's own key
 * @param expiration expiry of a temporary key
 */
public record Credentials(
    String accessKeyId,
    String secretAccessKey,
    Optional<String> sessionToken,
    Optional<Instant> expiration,
    Identity identity) {

  /** Returns a user's permanent key. */
  public static Credentials lasting(String id, String secret, Identity identity) {
    return new Credentials(id, secret, Optional.empty(), Optional.empty(), identity);
  }

  Credentials endingAt(Instant end) {
    return new Credentials(accessKeyId, secretAccessKey, sessionToken, Optional.of(end), identity);
  }

  /** Omits the secret, to keep it out of logs. */
  @Override
  public String toString() {
    return "Credentials[" + accessKeyId + " of " + identity.arn() + "]";
  }
}
