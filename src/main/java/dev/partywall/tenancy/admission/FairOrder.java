package dev.partywall.tenancy.admission;

import dev.partywall.tenancy.TenantId;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The order in which waiting requests get permits: start-time fair queueing.
 *
 * <p>Each tenant has a virtual time, which grows by the busy time of its requests divided by its
 * weight. The waiting tenant with the smallest virtual time is the next. The virtual time of the
 * queue is the largest at which a request has started. A tenant that becomes active starts there,
 * so it gains nothing from having been idle.
 *
 * <p>Not safe for use by several threads.
 *
 * @param <W> a waiting request
 */
final class FairOrder<W> {
  private final Map<TenantId, Share<W>> shares = new HashMap<>();
  private final TreeSet<Share<W>> waiting = new TreeSet<>(order());
  private final TreeSet<Share<W>> idle = new TreeSet<>(order());
  private final Set<Share<W>> concurrent = new HashSet<>(); // with at least two in flight
  private final TreeMap<Integer, Integer> activeByWeight = new TreeMap<>();
  private double virtualTime;
  private int queued;
  private int inFlight;

  /** The state of an active tenant. */
  static final class Share<W> {
    private final TenantId tenant;
    private final Deque<W> waiters = new ArrayDeque<>();
    private double virtualTime;
    private double averageNanos;
    private int weight;
    private int inFlight;
    private boolean active;

    private Share(TenantId tenant, double virtualTime, double averageNanos) {
      this.tenant = tenant;
      this.virtualTime = virtualTime;
      this.averageNanos = averageNanos;
    }

    TenantId tenant() {
      return tenant;
    }

    int weight() {
      return weight;
    }

    int queued() {
      return waiters.size();
    }

    /** Returns the average busy time of the tenant's requests. */
    double averageNanos() {
      return averageNanos;
    }

    /** Includes a request in the average busy time. */
    void average(long busyNanos, int weightOfPast) {
      averageNanos += (busyNanos - averageNanos) / weightOfPast;
    }

    private boolean isIdle() {
      return inFlight == 0 && waiters.isEmpty();
    }
  }

  /** The tenants' ids order equal virtual times, because two tenants must not be equal. */
  private static <W> Comparator<Share<W>> order() {
    return Comparator.<Share<W>>comparingDouble(share -> share.virtualTime)
        .thenComparing(share -> share.tenant.value());
  }

  /** Returns the number of waiting requests. */
  int queued() {
    return queued;
  }

  /** Returns the number of requests in flight. */
  int inFlight() {
    return inFlight;
  }

  /**
   * Returns the state of a tenant for a new request.
   *
   * @param averageNanos the assumed busy time of a request of a tenant without state
   */
  Share<W> activate(TenantId tenant, int weight, double averageNanos) {
    var share = shares.computeIfAbsent(tenant, id -> new Share<>(id, virtualTime, averageNanos));
    idle.remove(share);
    deactivate(share);
    share.weight = weight;
    share.active = true;
    activeByWeight.merge(weight, 1, Integer::sum);
    if (share.waiters.isEmpty()) {
      share.virtualTime = Math.max(share.virtualTime, virtualTime);
    }
    return share;
  }

  private void deactivate(Share<W> share) {
    if (share.active) {
      share.active = false;
      activeByWeight.computeIfPresent(
          share.weight, (_, count) -> count == 1 ? null : Integer.valueOf(count - 1));
    }
  }

  /**
   * Returns the number of free permits. Each tenant counts with at most half of the limit: after
   * the limit has decreased, a tenant can have more requests in flight, and if they take seconds,
   * the others must not wait for them.
   */
  int freePermits(int limit) {
    var maxCounted = Math.max(1, limit / 2);
    var uncounted = 0;
    for (var share : concurrent) {
      uncounted += Math.max(0, share.inFlight - maxCounted);
    }
    return limit - inFlight + uncounted;
  }

  /**
   * Returns whether a tenant may have another request in flight. One request needs a free permit.
   * Further ones are permitted while the tenant has fewer in flight than permits are free, in
   * proportion to its weight ("dynamic threshold": Choudhury and Hahne, IEEE/ACM Transactions on
   * Networking 6(2), 1998). Therefore, a tenant whose requests take seconds leaves permits to the
   * others.
   */
  boolean mayStart(Share<W> share, int freePermits) {
    return freePermits > 0
        && (share.inFlight == 0
            || (long) share.inFlight * activeByWeight.lastKey()
                < (long) freePermits * share.weight);
  }

  /** Starts a request, and charges its tenant for the expected busy time. */
  void start(Share<W> share, double expectedNanos) {
    virtualTime = Math.max(virtualTime, share.virtualTime);
    inFlight++;
    share.inFlight++;
    if (share.inFlight == 2) {
      concurrent.add(share);
    }
    charge(share, expectedNanos);
  }

  /**
   * Ends a request.
   *
   * @param correctionNanos the difference between the actual and the expected busy time
   */
  void end(Share<W> share, double correctionNanos) {
    inFlight--;
    share.inFlight--;
    if (share.inFlight == 1) {
      concurrent.remove(share);
    }
    charge(share, correctionNanos);
  }

  /** The position in the order changes with the virtual time. */
  private void charge(Share<W> share, double nanos) {
    var isWaiting = waiting.remove(share);
    share.virtualTime += nanos / share.weight;
    if (isWaiting) {
      waiting.add(share);
    }
  }

  /** Adds a waiting request behind those of the same tenant. */
  void enqueue(Share<W> share, W waiter) {
    share.waiters.addLast(waiter);
    waiting.add(share);
    queued++;
  }

  /** Removes a waiting request. */
  void remove(Share<W> share, W waiter) {
    if (share.waiters.remove(waiter)) {
      queued--;
      if (share.waiters.isEmpty()) {
        waiting.remove(share);
      }
    }
  }

  /** Returns the request that gets the next permit; null if none may have it. */
  @Nullable W next(int limit) {
    var free = freePermits(limit);
    if (free > 0) {
      // At most as many tenants are skipped as have requests in flight.
      for (var share : waiting) {
        if (mayStart(share, free)) {
          return share.waiters.getFirst();
        }
      }
    }
    return null;
  }

  /** Returns the newest request of the tenant that would wait longest. At least one must wait. */
  W last() {
    return waiting.last().waiters.getLast();
  }

  /** Returns whether the tenant is before another one that waits. */
  boolean isBeforeLast(Share<W> share) {
    return !waiting.isEmpty() && share.virtualTime < waiting.last().virtualTime;
  }

  /**
   * Drops the state of tenants that are not active, once the virtual time of the queue has reached
   * theirs: earlier, a new state would be a gain. If no tenant is active, no other tenant has a
   * disadvantage from a gain.
   */
  void settle(Share<W> share) {
    if (share.isIdle()) {
      deactivate(share);
      idle.add(share);
    }
    if (idle.size() == shares.size()) {
      idle.clear();
      shares.clear();
      virtualTime = 0;
    }
    while (!idle.isEmpty() && idle.first().virtualTime <= virtualTime) {
      shares.remove(idle.removeFirst().tenant);
    }
  }
}
