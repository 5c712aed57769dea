package dev.partywall.tenancy.admission;

import dev.partywall.tenancy.Limits;
import dev.partywall.tenancy.Limits.Rate;
import dev.partywall.tenancy.Overrides;
import dev.partywall.tenancy.Placement;
import dev.partywall.tenancy.Tenant;
import dev.partywall.tenancy.TenantId;
import dev.partywall.tenancy.TenantRecord;
import dev.partywall.tenancy.TenantStatus;
import dev.partywall.tenancy.Tiers;
import dev.partywall.tenancy.admission.TenantAdmission.Outcome;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.ToLongFunction;

/** A limiter with clocks, limits, usage and shares that a test sets. */
final class AdmissionFixture {
  static final long SECOND = 1_000_000_000L;
  static final Tenant ACME = registered("acme", "free", 1);

  /** A month of 30 days begins at this time. */
  Instant time = Instant.parse("2026-11-01T00:00:00Z");

  /** By tier, in addition to the built-in tiers. */
  final Map<String, Limits> tiers = new HashMap<>();

  final TenantLimiter limiter =
      new TenantLimiter(this::limitsOf, this::used, this::shareOf, this::nanoTime, this::time);

  long nanos = -5;
  long used;
  double share = 1;
  int lookups;

  static Tenant registered(String id, String tier, long version) {
    return registered(id, tier, version, 1);
  }

  static Tenant registered(String id, String tier, long version, int incarnation) {
    return new Tenant(
        new TenantRecord(
            new TenantId(id),
            id,
            tier,
            TenantStatus.ACTIVE,
            new Placement.Pool(),
            Overrides.NONE,
            Set.of(),
            Instant.EPOCH,
            Instant.EPOCH,
            version,
            incarnation));
  }

  static Limits limits(long perSecond, long burst, long inFlight) {
    var rate = Optional.of(new Rate(perSecond, burst));
    return new Limits(1, rate, OptionalLong.of(inFlight), OptionalLong.empty());
  }

  private Limits limitsOf(Tenant tenant) {
    lookups++;
    var own = tiers.get(tenant.tier().orElseThrow());
    return own == null ? Tiers.BUILT_IN.limitsOf(tenant) : own;
  }

  private long used(Tenant tenant) {
    return used;
  }

  private double shareOf(TenantId tenant, ToLongFunction<TenantId> ownRequests) {
    return share;
  }

  private long nanoTime() {
    return nanos;
  }

  private Instant time() {
    return time;
  }

  /** Lets time pass on both clocks. */
  void advance(long nanoseconds) {
    nanos += nanoseconds;
    time = time.plusNanos(nanoseconds);
  }

  /** Returns the decision on a request that ends immediately. */
  Outcome request(Tenant tenant) {
    var decision = limiter.admit(tenant);
    if (decision.outcome() == Outcome.ADMITTED) {
      decision.tenant().end();
    }
    return decision.outcome();
  }

  /** Returns the number of admitted requests. */
  int admitted(Tenant tenant, int requests) {
    var admitted = 0;
    for (var i = 0; i < requests; i++) {
      admitted += request(tenant) == Outcome.ADMITTED ? 1 : 0;
    }
    return admitted;
  }
}
