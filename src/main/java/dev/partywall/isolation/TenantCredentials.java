package dev.partywall.isolation;

import dev.partywall.concurrent.TwoGenerationCache;
import dev.partywall.tenancy.Tenant;
import dev.partywall.tenancy.TenantContext;
import dev.partywall.tenancy.TenantId;
import dev.partywall.tenancy.TenantLocation;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.ResolveIdentityRequest;

/**
 * Provides the bound tenant's credentials to AWS clients. A client with this provider cannot send a
 * call without a tenant, or as another tenant.
 *
 * <p>Credentials are cached, and renewed in the background while they are valid. An active tenant's
 * requests therefore do not wait, even if STS is unavailable for some minutes. An idle tenant's
 * credentials are not renewed. After a long pause, the first request may wait for one call to STS,
 * like the first request of a new tenant.
 *
 * <p>A tenant that is registered again gets new credentials. Those of its earlier incarnation are
 * not used for it.
 *
 * <p>Every method except {@link #problemAtStart} throws {@link IllegalStateException} if no tenant
 * is bound. The resolve methods throw {@link dev.partywall.error.ApiException} as {@code
 * Unavailable} if no credentials can be issued in time.
 */
public final class TenantCredentials implements AwsCredentialsProvider {
  /**
   * A tenant without items. Its credentials show at the start that STS is available and accepts the
   * role and the policy. They are not used.
   */
  private static final Tenant PROBE = new Tenant(new TenantId("partywall-readiness-probe"));

  private final CredentialIssuing issuing;
  private final Function<Tenant, TenantLocation> locations;
  private final int maxTenants;
  private volatile TwoGenerationCache<TenantId, TenantCredentialEntry> entries;
  private volatile boolean started;

  /**
   * Creates a provider.
   *
   * @param issuing the issuer of the credentials, and its executor, clock and listener
   * @param locations returns a tenant's table and partition keys; if they change, the tenant gets
   *     new credentials
   * @param maxTenants the approximate number of cached tenants; the least recently used are dropped
   */
  public TenantCredentials(
      CredentialIssuing issuing, Function<Tenant, TenantLocation> locations, int maxTenants) {
    this.issuing = issuing;
    this.locations = locations;
    this.maxTenants = maxTenants;
    this.entries = new TwoGenerationCache<>(maxTenants);
  }

  /**
   * Returns the reason why tenants cannot get credentials yet; empty forever after the first
   * success. Calls STS until then. One thread at a time may call it.
   *
   * <p>The success forgets the failures before it. Otherwise the tenants that were rejected before
   * would be rejected for up to a second more, although the service is ready.
   */
  public Optional<String> problemAtStart() {
    if (started) {
      return Optional.empty();
    }
    try {
      var _ = issuing.issuer().issue(PROBE.id(), locations.apply(PROBE));
    } catch (IssuingFailedException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
    entries = new TwoGenerationCache<>(maxTenants);
    started = true;
    return Optional.empty();
  }

  @Override
  public AwsCredentials resolveCredentials() {
    return cached().session().credentials();
  }

  /** Returns the same credentials for the SDK; the future is created once per credentials. */
  @Override
  public CompletableFuture<AwsCredentialsIdentity> resolveIdentity(ResolveIdentityRequest request) {
    return cached().identity();
  }

  /**
   * Drops the bound tenant's credentials after AWS rejected them before their expiry. The next call
   * gets new ones. Credentials that were issued only seconds ago are kept, because replacing them
   * would not help and would call STS repeatedly.
   */
  public void invalidate() {
    entry(TenantContext.current()).invalidate(issuing.clock().millis());
  }

  private CachedCredentials cached() {
    var tenant = TenantContext.current();
    var cached = entry(tenant).credentials(issuing.clock().millis());
    // Even if this class or the cache has a defect, no tenant gets the credentials of another.
    if (!cached.session().tenant().equals(tenant.id())) {
      throw new IllegalStateException("the cached credentials belong to another tenant");
    }
    return cached;
  }

  private TenantCredentialEntry entry(Tenant tenant) {
    var location = locations.apply(tenant);
    // Nearly every call finds its entry here, without a lock. Otherwise, compute() moves an entry
    // that is in use to the young generation, or creates one.
    var current = entries;
    var young = current.young(tenant.id());
    if (young != null && young.isFor(location, tenant.incarnation())) {
      return young;
    }
    return Objects.requireNonNull(
        current.compute(
            tenant.id(),
            known ->
                known != null && known.isFor(location, tenant.incarnation())
                    ? known
                    : new TenantCredentialEntry(tenant, location, issuing)));
  }
}
