package dev.partywall.tenancy;

import dev.partywall.error.ApiError;
import dev.partywall.error.ApiError.Forbidden.Reason;
import dev.partywall.error.ApiException;
import dev.partywall.error.TokenRejection;
import dev.partywall.tenancy.Identity.Origin;
import dev.partywall.tenancy.Identity.TenantUser;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.function.Function;

/**
 * Selects the tenant of an authenticated user from the registry, and rejects the user if the tenant
 * must not be served.
 *
 * <p>If a tenant names issuers, only their tokens reach it. Conversely, an issuer that some tenant
 * names can assert no tenant that does not name it. A token that violates this rule is rejected
 * like a token of an untrusted issuer, before the state of the tenant is revealed.
 */
public final class TenantSelection implements Function<TenantUser, Tenant> {
  private final TenantDirectory directory;
  private final UnknownTenants unknownTenants;
  private final UnknownTiers unknownTiers;

  /** The treatment of tenants that are not registered. */
  public enum UnknownTenants {
    /** Their requests are rejected. */
    REFUSE,
    /** Their requests are served with the tier of the token, from the pool. */
    ALLOW
  }

  /**
   * Selects tenants from this directory.
   *
   * @param unknownTiers receives each selected tenant
   */
  public TenantSelection(
      TenantDirectory directory, UnknownTenants unknownTenants, UnknownTiers unknownTiers) {
    this.directory = directory;
    this.unknownTenants = unknownTenants;
    this.unknownTiers = unknownTiers;
  }

  /**
   * {@inheritDoc}
   *
   * @throws ApiException as {@link ApiError.Unauthenticated} if the issuer must not assert the
   *     tenant, or the token belongs to an earlier incarnation; as {@link ApiError.Forbidden} if
   *     the tenant is unknown or not active; as {@link ApiError.Unavailable} if the tenant is not
   *     in memory and the registry cannot be read
   */
  @Override
  public Tenant apply(TenantUser user) {
    var registration = directory.find(user.tenant());
    var tenant =
        registration.isPresent() ? registered(user, registration.get()) : unregistered(user);
    unknownTiers.check(tenant);
    return tenant;
  }

  private Tenant registered(TenantUser user, TenantRecord registration) {
    requireIssuer(
        registration.issuers().isEmpty()
            ? !directory.isNamedByTenant(user.origin().issuer())
            : registration.issuers().contains(user.origin().issuer()));
    if (registration.incarnation() > 1 && isOlder(user.origin(), registration.createdAt())) {
      throw invalidToken(TokenRejection.EARLIER_INCARNATION);
    }
    var tenant = new Tenant(registration);
    requireActive(tenant, registration);
    return tenant;
  }

  private Tenant unregistered(TenantUser user) {
    requireIssuer(!directory.isNamedByTenant(user.origin().issuer()));
    if (unknownTenants == UnknownTenants.REFUSE) {
      throw forbidden(Reason.UNKNOWN_TENANT);
    }
    return new Tenant(user.tenant(), user.tier().orElse(Tiers.DEFAULT_TIER));
  }

  private static void requireIssuer(boolean permitted) {
    if (!permitted) {
      throw invalidToken(TokenRejection.ISSUER_OF_OTHER_TENANTS);
    }
  }

  private static void requireActive(Tenant tenant, TenantRecord registration) {
    switch (registration.status()) {
      case ACTIVE -> {
        if (registration.operation().isPresent()) {
          reject(tenant, Reason.TENANT_NOT_ACTIVE);
        }
      }
      case SUSPENDED -> reject(tenant, Reason.TENANT_SUSPENDED);
      case PROVISIONING, FAILED, OFFBOARDING -> reject(tenant, Reason.TENANT_NOT_ACTIVE);
      case OFFBOARDED -> throw forbidden(Reason.UNKNOWN_TENANT);
    }
  }

  /** Records the tenant in the execution, because the response contains the tenant's quotas. */
  private static void reject(Tenant tenant, Reason reason) {
    Execution.current().ifPresent(execution -> execution.record(tenant));
    throw forbidden(reason);
  }

  /** Compares whole seconds, because issuers do not state the time of issue more precisely. */
  private static boolean isOlder(Origin origin, Instant start) {
    return origin.issuedAt().isEmpty()
        || origin.issuedAt().getAsLong() < start.truncatedTo(ChronoUnit.SECONDS).toEpochMilli();
  }

  private static ApiException invalidToken(TokenRejection reason) {
    return new ApiException(new ApiError.Unauthenticated(reason));
  }

  private static ApiException forbidden(Reason reason) {
    return new ApiException(new ApiError.Forbidden(reason));
  }
}
