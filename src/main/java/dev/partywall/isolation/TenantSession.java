package dev.partywall.isolation;

import dev.partywall.tenancy.Home;
import dev.partywall.tenancy.TenantId;
import java.time.Instant;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;

/**
 * Credentials, and whose they are: they never go anywhere without the tenant and the home that
 * their policy was made with.
 *
 * @param expires when AWS stops taking them
 */
public record TenantSession(
    TenantId tenant, Home home, AwsSessionCredentials credentials, Instant expires) {
  /** Without the secret. */
  @Override
  public String toString() {
    return "a session for " + tenant + " until " + expires;
  }
}
