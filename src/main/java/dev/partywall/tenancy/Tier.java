package dev.partywall.tenancy;

import java.util.Map;
import java.util.Optional;

/**
 * A tier: the limits and the features of its tenants.
 *
 * @param placement the default placement of a new tenant; empty for the pool
 * @param features the features that the tiers file changes, by name
 */
public record Tier(
    String name, Limits limits, Optional<Placement> placement, Map<String, Boolean> features) {
  /** Copies the map, which makes the record immutable. */
  public Tier {
    features = Map.copyOf(features);
  }
}
