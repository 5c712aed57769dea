package dev.partywall.isolation;

import dev.partywall.tenancy.Home;
import dev.partywall.tenancy.TenantContext;
import dev.partywall.tenancy.TenantId;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.ResolveIdentityRequest;

/**
 * The bound tenant's credentials, for whatever call to AWS is about to be made. Give it to a
 * client, and no call of that client can leave without a tenant, or as another one.
 *
 * <p>Credentials are kept, and replaced in the background while they still hold: a tenant that is
 * known waits for nothing, also while STS is away. One that is quiet is not renewed for: its next
 * request finds what it had if that holds, or waits for one call.
 *
 * <p>Every method but {@link #forget} and {@link #size} throws {@link IllegalStateException} where
 * no tenant is bound, and {@link dev.partywall.http.Refused} as {@code Unavailable} when there are
 * no credentials to be had in time.
 */
public final class TenantCredentials implements AwsCredentialsProvider {
  private final Vending vending;
  private final Function<TenantId, Home> homes;
  private final Generations<TenantId, Lease> leases;

  /**
   * For about so many tenants at once.
   *
   * @param homes where a tenant lives now; one that has moved gets new credentials
   * @param most when there are more, those that were not used lately are dropped
   */
  public TenantCredentials(Vending vending, Function<TenantId, Home> homes, int most) {
    this.vending = vending;
    this.homes = homes;
    this.leases = new Generations<>(most);
  }

  @Override
  public AwsCredentials resolveCredentials() {
    return held().session().credentials();
  }

  /** The same, in the form that the SDK asks for; it is made once for each credentials. */
  @Override
  public CompletableFuture<AwsCredentialsIdentity> resolveIdentity(ResolveIdentityRequest request) {
    return held().identity();
  }

  /**
   * AWS did not take the bound tenant's credentials, though they should have held. They are
   * dropped, and the next call gets new ones; unless they came only just now, so that STS is not
   * asked again and again for what does not help.
   */
  public void distrust() {
    var tenant = TenantContext.current().id();
    lease(tenant, homes.apply(tenant)).distrust(vending.clock().millis());
  }

  /** The tenant is gone, and so are its credentials. */
  public void forget(TenantId tenant) {
    var lease = leases.remove(tenant);
    if (lease != null) {
      lease.end();
    }
  }

  /** Of how many tenants there are credentials, or attempts to get some. */
  public int size() {
    return leases.size();
  }

  private Held held() {
    var tenant = TenantContext.current().id();
    var held = lease(tenant, homes.apply(tenant)).held(vending.clock().millis());
    // Whatever may go wrong in here or in what keeps the leases: nobody gets another's.
    if (!held.session().tenant().equals(tenant)) {
      throw new IllegalStateException("credentials of another tenant");
    }
    return held;
  }

  private Lease lease(TenantId tenant, Home home) {
    var young = leases.young(tenant);
    if (young != null && young.holdsFor(home)) {
      return young;
    }
    return leases.admit(
        tenant,
        known -> known != null && known.holdsFor(home) ? known : new Lease(tenant, home, vending));
  }
}
