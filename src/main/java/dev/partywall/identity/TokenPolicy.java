package dev.partywall.identity;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The requirements for accepted tokens.
 *
 * @param audiences the audiences that identify this service in tenants' tokens
 * @param operatorAudiences the audiences that identify it in operators' tokens
 * @param tenantClaims the claims that may contain the tenant
 * @param tierClaims the claims that may contain its tier
 * @param maxLifetime the maximum lifetime of a token
 * @param tenantDomain the domain whose subdomains name tenants
 */
public record TokenPolicy(
    Set<String> audiences,
    Set<String> operatorAudiences,
    List<String> tenantClaims,
    List<String> tierClaims,
    Duration maxLifetime,
    Optional<String> tenantDomain) {
  /**
   * Checks the policy.
   *
   * @throws IllegalArgumentException if there is no audience or no tenant claim, or if the maximum
   *     lifetime is not positive
   */
  public TokenPolicy {
    audiences = Set.copyOf(audiences);
    operatorAudiences = Set.copyOf(operatorAudiences);
    tenantClaims = List.copyOf(tenantClaims);
    tierClaims = List.copyOf(tierClaims);
    if (audiences.isEmpty() || tenantClaims.isEmpty() || !maxLifetime.isPositive()) {
      throw new IllegalArgumentException(
          "A token policy requires an audience, a tenant claim and a positive maximum lifetime");
    }
  }
}
