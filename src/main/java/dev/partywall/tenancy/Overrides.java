package dev.partywall.tenancy;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The values of one tenant that differ from its tier.
 *
 * @param limits the changed limits. An empty value lifts the limit
 * @param features the changed features, by name
 */
public record Overrides(Map<Limit, OptionalLong> limits, Map<String, Boolean> features) {
  /** No override. */
  public static final Overrides NONE = new Overrides(Map.of(), Map.of());

  /** A limit that a tier or an override sets. */
  public enum Limit {
    WEIGHT("weight", 100),
    REQUESTS_PER_SECOND("requestsPerSecond", 1_000_000),
    BURST("burst", 1_000_000),
    IN_FLIGHT("inFlight", 1_000_000),
    MONTHLY_REQUESTS("monthlyRequests", 1_000_000_000_000L);

    private final String label;
    private final long max;

    Limit(String label, long max) {
      this.label = label;
      this.max = max;
    }

    /** Returns the name in JSON documents and in stored records. Never change it. */
    public String label() {
      return label;
    }

    /** Returns the highest permitted value. The lowest is 1. */
    public long max() {
      return max;
    }

    /** Returns the limit with this label; empty if none has it. */
    public static Optional<Limit> of(String label) {
      return Arrays.stream(values()).filter(limit -> limit.label.equals(label)).findFirst();
    }
  }

  /** Copies the maps, which makes the record immutable. */
  public Overrides {
    limits = Map.copyOf(limits);
    features = Map.copyOf(features);
  }
}
