package dev.partywall.isolation;

import dev.partywall.tenancy.TenantId;
import dev.partywall.tenancy.TenantLocation;
import java.time.Instant;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;

/**
 * Credentials with their owner. They are always passed together with the tenant and the location of
 * their session policy.
 *
 * @param expiresAt the expiry time in AWS
 */
public record TenantSession(
    TenantId tenant,
    TenantLocation location,
    AwsSessionCredentials credentials,
    Instant expiresAt) {
  /** Returns a description without the secret. */
  @Override
  public String toString() {
    return "session for " + tenant + ", expires " + expiresAt;
  }
}
