package dev.partywall.isolation;

import dev.partywall.tenancy.Home;
import dev.partywall.tenancy.TenantId;
import java.time.Instant;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;

/**
 * Credentials with their owner. They are always passed together with the tenant and the location of
 * their session policy.
 *
 * @param expires the expiry time in AWS
 */
public record TenantSession(
    TenantId tenant, Home home, AwsSessionCredentials credentials, Instant expires) {
  /** Returns a description without the secret. */
  @Override
  public String toString() {
    return "session for " + tenant + ", expires " + expires;
  }
}
