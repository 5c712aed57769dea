package dev.partywall.tenancy;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The most recent tenant of an unknown tier, which counts as the default tier. The problem expires,
 * because a token with such a tier expires without notice.
 */
public final class UnknownTiers {
  /** Longer than the interval between two requests of an active tenant. */
  static final Duration MAX_AGE = Duration.ofMinutes(5);

  private static final int MAX_NAME_LENGTH = 32;

  private final Tiers tiers;
  private final InstantSource clock;
  private volatile @Nullable Sighting last;

  private record Sighting(TenantId tenant, String tier, Instant at) {}

  /** Creates a record without an unknown tier. */
  public UnknownTiers(Tiers tiers, InstantSource clock) {
    this.tiers = tiers;
    this.clock = clock;
  }

  /** Remembers the tenant if its tier is unknown. */
  public void check(Tenant tenant) {
    var tier = tenant.tier();
    if (tier.isPresent() && !tiers.contains(tier.get())) {
      var name = tier.get().substring(0, Math.min(tier.get().length(), MAX_NAME_LENGTH));
      last = new Sighting(tenant.id(), name, clock.instant().truncatedTo(ChronoUnit.SECONDS));
    }
  }

  /** Returns a description for the operator; empty if no recent tenant had an unknown tier. */
  public Optional<String> problem() {
    var recent = last;
    if (recent == null || recent.at().plus(MAX_AGE).isBefore(clock.instant())) {
      return Optional.empty();
    }
    return Optional.of(
        "tenant %s has the unknown tier %s, which counts as %s (last at %s)"
            .formatted(recent.tenant(), recent.tier(), Tiers.DEFAULT_TIER, recent.at()));
  }
}
