package dev.partywall.operations.tenants;

import dev.partywall.tenancy.Tiers;
import java.util.Set;

/**
 * The values that the record of a tenant may name.
 *
 * @param features the names of the features that the capabilities declare
 * @param issuers the trusted issuers of tenants' tokens
 */
public record TenantRules(Tiers tiers, Set<String> features, Set<String> issuers) {
  /** Copies the sets, which makes the record immutable. */
  public TenantRules {
    features = Set.copyOf(features);
    issuers = Set.copyOf(issuers);
  }
}
