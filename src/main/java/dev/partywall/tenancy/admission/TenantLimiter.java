package dev.partywall.tenancy.admission;

import dev.partywall.tenancy.Limits;
import dev.partywall.tenancy.QuotaStatus;
import dev.partywall.tenancy.Tenant;
import dev.partywall.tenancy.TenantId;
import dev.partywall.tenancy.admission.TenantAdmission.Outcome;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;

/**
 * Enforces the limits of each tenant: its rate, its requests in flight and its requests per month.
 *
 * <p>Memory grows with the active tenants only: the state of a tenant is dropped when its bucket is
 * full and it has no request in flight. A new state would be the same, so a tenant gains nothing.
 * Each new tenant causes a check of a few others, which bounds the memory under a flood of
 * different tenants. {@link #sweep} drops the states of tenants that have become idle.
 */
public final class TenantLimiter {
  /** The maximum number of tenants that an instance reports as limited. */
  private static final int MAX_LIMITED = 100;

  /** More candidates than reported tenants, because those with the most requests are reported. */
  private static final int MAX_CANDIDATES = 10 * MAX_LIMITED;

  private static final int MAX_SWEPT = 10_000;
  private static final int SWEPT_PER_NEW_TENANT = 4;

  private final Function<Tenant, Limits> limits;
  private final MonthUsage usage;
  private final RateShare shares;
  private final ToLongFunction<TenantId> ownRequests = this::recentRequests;
  private final LongSupplier nanoTime;
  private final InstantSource clock;
  private final Map<TenantId, TenantAdmission> tenants = new ConcurrentHashMap<>();
  private final Set<TenantId> candidates = ConcurrentHashMap.newKeySet();
  private final ReentrantLock sweeping = new ReentrantLock();
  private Iterator<Map.Entry<TenantId, TenantAdmission>> sweep = tenants.entrySet().iterator();
  private volatile UtcMonth month;

  /** A tenant that this instance has limited, and the number of its requests in the last 4 s. */
  public record LimitedTenant(TenantId id, long requests) {}

  /** The decision on a request, and the quotas after it. */
  record Decision(Outcome outcome, QuotaStatus status, TenantAdmission tenant) {}

  /**
   * Creates a limiter without active tenants.
   *
   * @param limits returns the limits of a tenant
   * @param nanoTime a monotonic clock in nanoseconds, for the rates
   * @param clock determines the month
   */
  public TenantLimiter(
      Function<Tenant, Limits> limits,
      MonthUsage usage,
      RateShare shares,
      LongSupplier nanoTime,
      InstantSource clock) {
    this.limits = limits;
    this.usage = usage;
    this.shares = shares;
    this.nanoTime = nanoTime;
    this.clock = clock;
    this.month = UtcMonth.at(epochSecond());
  }

  private long epochSecond() {
    return Math.floorDiv(clock.millis(), 1_000);
  }

  /** Decides on a request. If it is admitted, its end must be reported to the tenant's state. */
  Decision admit(Tenant tenant) {
    var now = nanoTime.getAsLong();
    var share = share(tenant);
    while (true) {
      var state = state(tenant.id(), now);
      var current = state.limits(tenant, share, limits, now);
      var monthLeft = monthRemaining(tenant, current);
      var outcome = state.admit(share, monthLeft.isPresent() && monthLeft.getAsLong() == 0, now);
      if (outcome != Outcome.DROPPED) {
        noteLimited(tenant.id(), outcome);
        var left = afterRequest(monthLeft, outcome);
        return new Decision(outcome, status(current, share, state.fullAt(), left, now), state);
      }
    }
  }

  /** The usage does not contain the request yet. */
  private static OptionalLong afterRequest(OptionalLong monthLeft, Outcome outcome) {
    return outcome == Outcome.ADMITTED && monthLeft.isPresent()
        ? OptionalLong.of(monthLeft.getAsLong() - 1)
        : monthLeft;
  }

  private double share(Tenant tenant) {
    return shares.of(tenant.id(), ownRequests);
  }

  private TenantAdmission state(TenantId id, long now) {
    var known = tenants.get(id);
    if (known != null) {
      return known;
    }
    sweep(SWEPT_PER_NEW_TENANT, now);
    return tenants.computeIfAbsent(id, _ -> new TenantAdmission(Limits.NONE, now));
  }

  private void noteLimited(TenantId id, Outcome outcome) {
    if (outcome == Outcome.OVER_RATE && candidates.size() < MAX_CANDIDATES) {
      candidates.add(id);
    }
  }

  /** Returns the quotas of a tenant without a request. */
  QuotaStatus status(Tenant tenant) {
    var now = nanoTime.getAsLong();
    var state = tenants.get(tenant.id());
    var current = limits.apply(tenant);
    var fullAt = state == null ? now : state.fullAt();
    return status(current, share(tenant), fullAt, monthRemaining(tenant, current), now);
  }

  private QuotaStatus status(
      Limits current, double share, long fullAt, OptionalLong monthRemaining, long now) {
    var second = epochSecond();
    var currentMonth = monthAt(second);
    var remaining = 0L;
    var nanosToNext = 0L;
    if (current.rate().isPresent()) {
      var limiter = RateLimiter.of(current.rate().get(), share);
      remaining = limiter.remaining(fullAt, now);
      nanosToNext = limiter.nanosToNext(fullAt, now);
    }
    return new QuotaStatus(
        current,
        remaining,
        nanosToNext,
        monthRemaining,
        currentMonth.seconds(),
        currentMonth.end() - second);
  }

  private UtcMonth monthAt(long second) {
    var current = month;
    if (!current.contains(second)) {
      current = UtcMonth.at(second);
      month = current;
    }
    return current;
  }

  private OptionalLong monthRemaining(Tenant tenant, Limits current) {
    if (current.monthlyRequests().isEmpty()) {
      return OptionalLong.empty();
    }
    var left = current.monthlyRequests().getAsLong() - usage.requestsThisMonth(tenant);
    return OptionalLong.of(Math.max(0, left));
  }

  /**
   * Returns the tenants whose rate this instance has enforced in the last seconds, those with the
   * most requests first. It returns at most 100.
   */
  public List<LimitedTenant> limited() {
    var now = nanoTime.getAsLong();
    candidates.removeIf(id -> !isLimited(id, now));
    return candidates.stream()
        .map(id -> new LimitedTenant(id, recentRequests(id)))
        .sorted(Comparator.comparingLong(LimitedTenant::requests).reversed())
        .limit(MAX_LIMITED)
        .toList();
  }

  private boolean isLimited(TenantId id, long now) {
    var state = tenants.get(id);
    return state != null && state.isLimited(now);
  }

  /** Returns the number of requests of a tenant in the last 4 s, including those rejected. */
  public long recentRequests(TenantId id) {
    var state = tenants.get(id);
    return state == null ? 0 : state.recentRequests(nanoTime.getAsLong());
  }

  /** Returns the number of tenants in memory. */
  public int activeTenants() {
    return tenants.size();
  }

  /**
   * Drops the state of tenants that are idle. One call checks at most 10,000 tenants, and the next
   * call continues with the others.
   */
  public void sweep() {
    sweep(MAX_SWEPT, nanoTime.getAsLong());
  }

  private void sweep(int max, long now) {
    if (!sweeping.tryLock()) {
      return; // another thread sweeps
    }
    try {
      for (var i = 0; i < max && sweep.hasNext(); i++) {
        var entry = sweep.next();
        if (entry.getValue().drop(now)) {
          tenants.remove(entry.getKey(), entry.getValue());
        }
      }
      if (!sweep.hasNext()) {
        sweep = tenants.entrySet().iterator();
      }
    } finally {
      sweeping.unlock();
    }
  }
}
