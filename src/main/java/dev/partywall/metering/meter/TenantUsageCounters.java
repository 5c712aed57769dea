package dev.partywall.metering.meter;

import dev.partywall.metering.meter.UsageMeter.KernelMeter;
import dev.partywall.tenancy.TenantId;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The usage counters of all tenants. The current counter of a tenant takes one map lookup. Counters
 * of other hours are kept separately until they are written and released.
 */
public final class TenantUsageCounters {
  private final ConcurrentMap<MeteredTenant, UsageCounter> current = new ConcurrentHashMap<>();
  private final Set<UsageCounter> previous = ConcurrentHashMap.newKeySet();
  private final UsageCounter overflow =
      new UsageCounter(MeteredTenant.first(new TenantId("overflow")), Instant.EPOCH);
  private final InstantSource clock;
  private final int maxCounters;

  /** A destination for usage. */
  @FunctionalInterface
  public interface UsageDestination {
    /**
     * Appends all of the usage, or throws and appends none.
     *
     * @throws IOException if the usage cannot be written
     */
    void append(List<Usage> usage) throws IOException;
  }

  /**
   * The state of a counter when it was read.
   *
   * @param complete whether nothing can be added after the read
   * @param uses read only if another sum has changed: most counters are idle at most flushes
   */
  private record Snapshot(UsageCounter counter, boolean complete, Amounts sums, Amounts uses) {
    static Snapshot of(UsageCounter counter) {
      // Check this first: the sums then include all amounts added before the counter was retired.
      var complete = counter.isRetired();
      var sums = counter.sums();
      var uses =
          complete || !sums.equals(counter.written().sums())
              ? counter.uses()
              : counter.written().uses();
      return new Snapshot(counter, complete, sums, uses);
    }

    Usage unwritten() {
      var written = counter.written();
      var amounts = sums.minus(written.sums());
      if (!uses.equals(written.uses())) {
        amounts = amounts.plus(uses.minus(written.uses()));
      }
      var last =
          amounts.steps(KernelMeter.REQUESTS) == 0
              ? Optional.<Instant>empty()
              : counter.lastRequestAt();
      return new Usage(counter.tenantHour(), counter.tier(), amounts, last);
    }

    void markWritten() {
      counter.written(new UsageCounter.Written(sums, uses));
    }
  }

  /**
   * Creates an empty set of counters.
   *
   * @param maxCounters the maximum number of counters; reached only if the journal cannot be
   *     written
   */
  public TenantUsageCounters(InstantSource clock, int maxCounters) {
    this.clock = clock;
    this.maxCounters = maxCounters;
  }

  /** Returns the tenant's counter of the current hour, acquired. The caller must release it. */
  UsageCounter acquire(MeteredTenant tenant) {
    var now = clock.instant();
    var counter = current.get(tenant);
    while (counter == null || !counter.covers(now) || !counter.acquire()) {
      if (isFull()) {
        overflow.acquire();
        return overflow;
      }
      counter = current.compute(tenant, (_, known) -> counterFor(known, tenant, now));
    }
    return counter;
  }

  /** Adds a request that arrives now to its counter. */
  void addRequest(UsageCounter counter) {
    counter.addRequest(clock.instant());
  }

  /**
   * Appends the usage since the last call to the destination. Usage that could not be appended is
   * included in the next call.
   *
   * @throws IOException if the usage could not be appended
   */
  public void drain(UsageDestination destination) throws IOException {
    var changed = takeChanged();
    var written = false;
    try {
      var snapshots = changed.stream().map(Snapshot::of).toList();
      var usage =
          snapshots.stream()
              .map(Snapshot::unwritten)
              .filter(Predicate.not(Usage::isEmpty))
              .toList();
      if (!usage.isEmpty()) {
        destination.append(usage);
      }
      written = true;
      snapshots.forEach(this::markWritten);
    } finally {
      if (!written) {
        changed.forEach(UsageCounter::setChanged);
      }
    }
  }

  /** Returns the usage that exceeded the limit since the last call. */
  public Amounts overflow() {
    var snapshot = Snapshot.of(overflow);
    var unwritten = snapshot.unwritten().amounts();
    snapshot.markWritten();
    return unwritten;
  }

  private boolean isFull() {
    return current.size() + previous.size() >= maxCounters;
  }

  /**
   * Returns the counters that can have changed since the last call. Retires unused counters of
   * other hours, and all unused ones if half of the permitted number exist. Reads the previous
   * hours last: a counter that moves there meanwhile is seen in both places.
   */
  private Set<UsageCounter> takeChanged() {
    var now = clock.instant();
    var halfFull = current.size() + previous.size() > maxCounters / 2;
    var changed = new LinkedHashSet<UsageCounter>();
    Consumer<UsageCounter> take =
        counter -> {
          if (halfFull || !counter.covers(now)) {
            counter.retire();
          }
          if (counter.takeChanged()) {
            changed.add(counter);
          }
        };
    current.values().forEach(take);
    previous.forEach(take);
    return changed;
  }

  private void markWritten(Snapshot snapshot) {
    var counter = snapshot.counter();
    snapshot.markWritten();
    if (snapshot.complete()) {
      current.remove(counter.tenantHour().tenant(), counter);
      previous.remove(counter);
    }
  }

  private UsageCounter counterFor(@Nullable UsageCounter known, MeteredTenant tenant, Instant now) {
    if (known != null && known.covers(now) && !known.isRetired()) {
      return known;
    }
    if (known != null) {
      previous.add(known);
    }
    return new UsageCounter(tenant, Usage.startOfHour(now));
  }
}
