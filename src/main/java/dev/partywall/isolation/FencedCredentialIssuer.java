package dev.partywall.isolation;

import dev.partywall.isolation.IssuingFailedException.FailureReason;
import dev.partywall.tenancy.TenantId;
import dev.partywall.tenancy.TenantLocation;
import java.util.function.BooleanSupplier;

/**
 * Issues credentials only while this instance knows the changes of the tenants. Without the
 * registry, an instance would otherwise renew the credentials of a tenant that is suspended or
 * deleted, without end. With this fence, it stops at the end of the credentials, within one hour.
 *
 * @param changesKnown returns whether the registry was polled in the last seconds
 */
public record FencedCredentialIssuer(CredentialIssuer issuer, BooleanSupplier changesKnown)
    implements CredentialIssuer {
  @Override
  public TenantSession issue(TenantId tenant, TenantLocation location) {
    if (!changesKnown.getAsBoolean()) {
      throw new IssuingFailedException(FailureReason.REGISTRY_UNAVAILABLE);
    }
    return issuer.issue(tenant, location);
  }
}
