package dev.partywall.tenancy;

import dev.partywall.tenancy.Limits.Rate;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** The tiers of the service, by name. */
public final class Tiers {
  /** The tier of a tenant whose tier is not specified or unknown. */
  public static final String DEFAULT_TIER = "free";

  /** The tiers of a service without a tiers file. */
  public static final Tiers BUILT_IN =
      new Tiers(
          Map.of(
              "free", builtIn("free", 1, 10, 5, OptionalLong.of(100_000)),
              "standard", builtIn("standard", 4, 100, 50, OptionalLong.of(10_000_000)),
              "premium", builtIn("premium", 16, 1_000, 200, OptionalLong.empty())));

  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,31}");

  private final Map<String, Tier> tiers;
  private final Tier defaultTier;

  /**
   * Creates tiers.
   *
   * @param tiers must contain {@link #DEFAULT_TIER}
   */
  public Tiers(Map<String, Tier> tiers) {
    this.tiers = Map.copyOf(tiers);
    this.defaultTier = Objects.requireNonNull(this.tiers.get(DEFAULT_TIER));
  }

  private static Tier builtIn(
      String name, int weight, long perSecond, long inFlight, OptionalLong monthlyRequests) {
    var rate = new Rate(perSecond, 2 * perSecond); // a burst of two seconds
    var limits = new Limits(weight, Optional.of(rate), OptionalLong.of(inFlight), monthlyRequests);
    return new Tier(name, limits, Optional.empty(), Map.of());
  }

  /** Returns whether the text has the form of a tier's name. */
  public static boolean isName(String text) {
    return NAME.matcher(text).matches();
  }

  /** Returns the tier with this name; the default tier if none has it. */
  public Tier of(String name) {
    return tiers.getOrDefault(name, defaultTier);
  }

  /** Returns the tier of a tenant. */
  public Tier of(Tenant tenant) {
    return of(tenant.tier().orElse(DEFAULT_TIER));
  }

  /** Returns whether a tier has this name. */
  public boolean contains(String name) {
    return tiers.containsKey(name);
  }

  /** Returns the names of all tiers, sorted. */
  public SortedSet<String> names() {
    return new TreeSet<>(tiers.keySet());
  }

  /** Returns the limits of a tenant: those of its tier, with its overrides. */
  public Limits limitsOf(Tenant tenant) {
    return of(tenant).limits().with(tenant.overrides());
  }
}
