package dev.partywall.tenancy.admission;

import dev.partywall.tenancy.Limits;
import dev.partywall.tenancy.Tenant;
import dev.partywall.tenancy.TenantRecord;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The state of one active tenant: its bucket, its requests in flight and its recent requests. One
 * lock makes each decision atomic: a check of one limit followed by an update of another would
 * permit too many requests. The fields take 48 bytes together with the object's header.
 */
final class TenantAdmission {
  /** The period over which recent requests are counted. */
  static final long WINDOW_NANOS = 4_000_000_000L;

  /** The value of {@link #inFlight} after the state was dropped. A separate field takes 8 bytes. */
  private static final int DROPPED = -1;

  private long fullAt;
  private Limits limits;
  private @Nullable TenantRecord limitsSource;
  private int inFlight;
  private int window;
  private int requests;
  private int requestsBefore;
  private int rejectionWindow;

  /** The decision on a request. */
  enum Outcome {
    ADMITTED,
    OVER_RATE,
    OVER_IN_FLIGHT,
    OVER_MONTH,
    /** The state was dropped, and another object has replaced it. */
    DROPPED
  }

  /** Creates the state of a tenant with these limits and a full bucket. */
  TenantAdmission(Limits limits, long now) {
    this.limits = limits;
    fullAt = now;
    window = windowAt(now);
    rejectionWindow = window - 2;
  }

  private static int windowAt(long now) {
    return (int) Math.floorDiv(now, WINDOW_NANOS);
  }

  /**
   * Returns the limits of the tenant. They are computed once per record, because overrides make
   * that expensive.
   */
  synchronized Limits limits(
      Tenant tenant, double share, Function<Tenant, Limits> source, long now) {
    var registration = tenant.registration().orElse(null);
    if (registration == null || !registration.equals(limitsSource)) {
      startIncarnation(registration, now);
      change(source.apply(tenant), share, now);
      limitsSource = registration;
    }
    return limits;
  }

  /**
   * Begins with a full bucket and without recent requests if the tenant was registered again. The
   * requests in flight still end here, so they still count.
   */
  private void startIncarnation(@Nullable TenantRecord registration, long now) {
    if (registration != null
        && limitsSource != null
        && registration.incarnation() > limitsSource.incarnation()) {
      fullAt = now;
      requests = 0;
      requestsBefore = 0;
      rejectionWindow = windowAt(now) - 2;
    }
  }

  private void change(Limits changed, double share, long now) {
    if (!limits.equals(changed)) {
      if (limits.rate().isPresent() && changed.rate().isPresent()) {
        var to = RateLimiter.of(changed.rate().get(), share);
        fullAt = RateLimiter.of(limits.rate().get(), share).changed(fullAt, now, to);
      }
      limits = changed;
    }
  }

  /** Admits a request, or rejects it without an effect on the limits. */
  synchronized Outcome admit(double share, boolean monthExceeded, long now) {
    if (inFlight == DROPPED) {
      return Outcome.DROPPED;
    }
    count(now);
    if (monthExceeded) {
      return Outcome.OVER_MONTH;
    }
    if (limits.inFlight().isPresent() && inFlight >= limits.inFlight().getAsLong()) {
      return Outcome.OVER_IN_FLIGHT;
    }
    if (limits.rate().isPresent() && !acquire(RateLimiter.of(limits.rate().get(), share), now)) {
      return Outcome.OVER_RATE;
    }
    inFlight++;
    return Outcome.ADMITTED;
  }

  private boolean acquire(RateLimiter limiter, long now) {
    if (!limiter.permits(fullAt, now)) {
      rejectionWindow = window;
      return false;
    }
    fullAt = limiter.afterRequest(fullAt, now);
    return true;
  }

  /** Ends an admitted request. */
  synchronized void end() {
    inFlight--;
  }

  /** Returns the time at which the bucket is full. */
  synchronized long fullAt() {
    return fullAt;
  }

  /**
   * Marks the state as dropped if a new one would permit nothing more, and returns whether it would
   * not.
   */
  synchronized boolean drop(long now) {
    if (inFlight == 0 && RateLimiter.isFull(fullAt, now)) {
      inFlight = DROPPED;
    }
    return inFlight == DROPPED;
  }

  /** Returns whether the rate has rejected a request in this window or in the one before. */
  synchronized boolean isLimited(long now) {
    return windowAt(now) - rejectionWindow <= 1;
  }

  /**
   * Returns the number of requests in the last 4 s, including those rejected. The window before
   * counts in proportion to its part of these 4 s.
   */
  synchronized long recentRequests(long now) {
    advance(now);
    var elapsed = Math.floorMod(now, WINDOW_NANOS) / (double) WINDOW_NANOS;
    return requests + Math.round(requestsBefore * (1 - elapsed));
  }

  private void count(long now) {
    advance(now);
    requests++;
  }

  private void advance(long now) {
    var current = windowAt(now);
    if (current != window) {
      requestsBefore = current - window == 1 ? requests : 0;
      requests = 0;
      window = current;
    }
  }
}
