package dev.partywall.tenancy.features;

import java.util.Set;

/**
 * A feature that a capability declares.
 *
 * @param onInTiers the tiers in which it is on, unless the tiers file or a tenant's override states
 *     otherwise
 */
public record DeclaredFeature(String name, Set<String> onInTiers) {
  /** Copies the set, which makes the record immutable. */
  public DeclaredFeature {
    onInTiers = Set.copyOf(onInTiers);
  }
}
