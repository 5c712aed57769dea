package dev.partywall.local.aws.iam;

import java.time.Instant;
import java.util.Optional;

/**
 * An access key and its principal.
 *
 * @param sessionToken required with a temporary key; empty for a user's own key
 * @param expiration expiry of a temporary key
 */
public record IamCredentials(
    String accessKeyId,
    String secretAccessKey,
    Optional<String> sessionToken,
    Optional<Instant> expiration,
    IamPrincipal principal) {

  /** Returns a user's permanent key. */
  public static IamCredentials permanent(String id, String secret, IamPrincipal identity) {
    return new IamCredentials(id, secret, Optional.empty(), Optional.empty(), identity);
  }

  IamCredentials withExpiration(Instant end) {
    return new IamCredentials(
        accessKeyId, secretAccessKey, sessionToken, Optional.of(end), principal);
  }

  /** Omits the secret, to keep it out of logs. */
  @Override
  public String toString() {
    return "Credentials[" + accessKeyId + " of " + principal.arn() + "]";
  }
}
