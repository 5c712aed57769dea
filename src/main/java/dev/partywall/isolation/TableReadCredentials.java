package dev.partywall.isolation;

import dev.partywall.tenancy.TenantContext;
import dev.partywall.tenancy.TenantId;
import dev.partywall.tenancy.TenantLocation;
import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkClientException;

/**
 * The credentials of one tenant for a location other than its own, such as a table that was
 * restored from a backup. They are independent of the cache of {@link TenantCredentials}, so the
 * tenant's requests keep their credentials.
 */
public final class TableReadCredentials implements AwsCredentialsProvider {
  private static final Duration MIN_REMAINING = Duration.ofMinutes(15);

  private final CredentialIssuer issuer;
  private final TenantId tenant;
  private final TenantLocation location;
  private final InstantSource clock;
  private @Nullable TenantSession session;

  /**
   * Creates a provider that has made no call yet.
   *
   * @param issuer uses a policy of {@link SessionPolicy#readOnly}
   */
  public TableReadCredentials(
      CredentialIssuer issuer, TenantId tenant, TenantLocation location, InstantSource clock) {
    this.issuer = issuer;
    this.tenant = tenant;
    this.location = location;
    this.clock = clock;
  }

  /**
   * Returns credentials that are valid for at least 15 min.
   *
   * @throws IllegalStateException if the tenant is not bound
   * @throws SdkClientException if no credentials can be issued
   */
  @Override
  public synchronized AwsCredentials resolveCredentials() {
    if (!TenantContext.current().id().equals(tenant)) {
      throw new IllegalStateException("another tenant is bound");
    }
    var current = session;
    if (current == null || current.expiresAt().isBefore(clock.instant().plus(MIN_REMAINING))) {
      current = issue();
      session = current;
    }
    return current.credentials();
  }

  private TenantSession issue() {
    try {
      return issuer.issue(tenant, location);
    } catch (IssuingFailedException e) {
      throw SdkClientException.create("no credentials for the table", e);
    }
  }
}
