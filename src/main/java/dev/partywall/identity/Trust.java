package dev.partywall.identity;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What has to be in a token.
 *
 * @param audiences the names under which this service is meant
 * @param tenantClaims the claims that may carry the tenant
 * @param tierClaims the claims that may carry its tier
 * @param longestLife of a token that is taken
 * @param tenantDomain the domain whose sub-domains name tenants
 */
public record Trust(
    Set<String> audiences,
    List<String> tenantClaims,
    List<String> tierClaims,
    Duration longestLife,
    Optional<String> tenantDomain) {
  /** Refuses to trust everybody. */
  public Trust {
    audiences = Set.copyOf(audiences);
    tenantClaims = List.copyOf(tenantClaims);
    tierClaims = List.copyOf(tierClaims);
    if (audiences.isEmpty() || tenantClaims.isEmpty() || !longestLife.isPositive()) {
      throw new IllegalArgumentException("needs an audience, a tenant claim and a positive life");
    }
  }
}
