package dev.partywall.identity;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The requirements for accepted tokens.
 *
 * @param audiences the accepted audiences of tenants' tokens; a token requires one of them
 * @param operatorAudiences the accepted audiences of operators' tokens
 * @param tenantClaims the names of the claims that may contain the tenant id; if a token has
 *     several of them, their values must be equal
 * @param tierClaims the names of the claims that may contain the tenant's tier, under the same rule
 * @param maxLifetime the maximum lifetime of a token, from its issue to its expiry
 * @param tenantDomain the domain whose subdomains are tenant ids. A token is rejected on the
 *     subdomain of another tenant; if empty, the host is not checked
 */
public record TokenPolicy(
    Set<String> audiences,
    Set<String> operatorAudiences,
    List<String> tenantClaims,
    List<String> tierClaims,
    Duration maxLifetime,
    Optional<String> tenantDomain) {
  /**
   * Requires an audience, a tenant claim and a positive maximum lifetime.
   *
   * @throws IllegalArgumentException if one of them is missing
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
