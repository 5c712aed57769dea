package dev.partywall.metering;

import dev.partywall.tenancy.TenantId;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Each tenant's tally. The way to the present one is one look-up; what a tenant used in another
 * hour stands aside until it is written and nobody adds to it any more.
 */
final class Tallies {
  private final ConcurrentMap<TenantId, Tally> present = new ConcurrentHashMap<>();
  private final Set<Tally> aside = ConcurrentHashMap.newKeySet();
  private final Tally beyond = new Tally(new TenantId("beyond"), Instant.EPOCH);
  private final InstantSource clock;
  private final int most;

  /** Takes usage to where it is kept. */
  @FunctionalInterface
  interface Destination {
    /**
     * Takes all of it, or none and throws.
     *
     * @throws IOException when it can't be kept there
     */
    void take(List<Usage> usage) throws IOException;
  }

  /**
   * Where a tally stood when it was read.
   *
   * @param last whether nothing can have been added since
   */
  private record Reading(Tally tally, boolean last, Amounts sums) {
    static Reading of(Tally tally) {
      // In this order: what was added before it was retired is in the sums.
      var last = tally.isRetired();
      return new Reading(tally, last, tally.sums());
    }

    Usage fresh() {
      return new Usage(tally.slot(), sums.minus(tally.written()));
    }
  }

  /**
   * No tallies yet.
   *
   * @param most tallies that are kept; only a journal that can't be written brings us there
   */
  Tallies(InstantSource clock, int most) {
    this.clock = clock;
    this.most = most;
  }

  /** The tenant's tally of this hour, entered: whoever asks has to leave it. */
  Tally enter(TenantId tenant) {
    var now = clock.instant();
    var tally = present.get(tenant);
    while (tally == null || !tally.isOf(now) || !tally.enter()) {
      if (isFull()) {
        beyond.enter();
        return beyond;
      }
      tally = present.compute(tenant, (_, old) -> fit(old, tenant, now));
    }
    return tally;
  }

  /**
   * Hands over what was added since the last time. What could not be taken stays, and is handed
   * over again.
   *
   * @throws IOException when it could not be taken
   */
  void drain(Destination destination) throws IOException {
    var now = clock.instant();
    var tallies = all();
    var crowded = tallies.size() > most / 2;
    tallies.stream().filter(tally -> crowded || !tally.isOf(now)).forEach(Tally::retire);
    var readings = tallies.stream().map(Reading::of).toList();
    var fresh = readings.stream().map(Reading::fresh).filter(Predicate.not(Usage::isNothing));
    var usage = fresh.toList();
    if (!usage.isEmpty()) {
      destination.take(usage);
    }
    readings.forEach(this::settle);
  }

  /** What there was no more room for, since the last time that it was asked. */
  Amounts beyond() {
    var lost = Reading.of(beyond);
    var fresh = lost.fresh().amounts();
    beyond.written(lost.sums());
    return fresh;
  }

  boolean isFull() {
    return present.size() + aside.size() >= most;
  }

  /** One that is on its way from here to there is seen in both places. */
  private Set<Tally> all() {
    var all = new LinkedHashSet<>(aside);
    all.addAll(present.values());
    return all;
  }

  private void settle(Reading reading) {
    var tally = reading.tally();
    tally.written(reading.sums());
    if (reading.last()) {
      present.remove(tally.slot().tenant(), tally);
      aside.remove(tally);
    }
  }

  private Tally fit(@Nullable Tally old, TenantId tenant, Instant now) {
    if (old != null && old.isOf(now) && !old.isRetired()) {
      return old;
    }
    if (old != null) {
      aside.add(old);
    }
    return new Tally(tenant, Usage.startOf(now));
  }
}
