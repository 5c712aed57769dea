package dev.partywall.metering.counting;

import dev.partywall.concurrent.BoundedParallel;
import dev.partywall.metering.ledger.UncountedHours;
import dev.partywall.metering.meter.MeteredTenant;
import dev.partywall.metering.meter.Usage;
import dev.partywall.metering.meter.UsageMeter;
import dev.partywall.storage.CountedWriteListener;
import dev.partywall.tenancy.TenantContext;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Tracks the tenants' hours in which this instance performs counted writes. It marks each hour as
 * uncounted before the first write, so the hour is counted even if this instance crashes. It counts
 * the hour every few seconds while writes arrive.
 *
 * <p>A mark is valid for a limited time; the next write after that renews it. So if a mark remains
 * unchanged for longer, no instance relies on it, regardless of the instances' clocks ({@link
 * HourCloser}).
 */
public final class WriteCounting implements CountedWriteListener {
  /**
   * The validity of a mark. Shorter than {@link HourCloser#CLOSING_DELAY} by more than the maximum
   * duration of a write.
   */
  static final Duration MARK_VALIDITY = Duration.ofMinutes(10);

  /** A write completes within 10 s. A later count therefore includes it. */
  static final Duration SETTLING_TIME = Duration.ofSeconds(12);

  private final ConcurrentMap<Usage.TenantHour, MarkedHour> hours = new ConcurrentHashMap<>();
  private final UncountedHours uncountedHours;
  private final Supplier<UUID> nonces;
  private final InstantSource clock;
  private final LongSupplier nanoTime;

  /**
   * A tenant's hour in which this instance performs counted writes. Times are nanoseconds of this
   * process's monotonic clock.
   *
   * @param markedAt time of the last mark as uncounted
   * @param lastWriteAt time of the last write
   * @param countedAt start of the last successful count
   * @param hasOldIds whether a write had an id that is not new, so each count reads all markers
   * @param ledgerCounts the counts in the ledger
   */
  private record MarkedHour(
      long markedAt,
      long lastWriteAt,
      long countedAt,
      boolean hasOldIds,
      Map<UsageMeter, InterimCount> ledgerCounts) {
    static MarkedHour marked(long now) {
      return new MarkedHour(now, now, now - 1, false, Map.of());
    }

    MarkedHour withMarkRenewed(long now) {
      return new MarkedHour(now, now, countedAt, hasOldIds, ledgerCounts);
    }

    MarkedHour withLastWrite(long now) {
      return new MarkedHour(markedAt, now, countedAt, hasOldIds, ledgerCounts);
    }

    MarkedHour withOldIds() {
      return new MarkedHour(markedAt, lastWriteAt, countedAt, true, ledgerCounts);
    }

    MarkedHour withCounts(long start, Map<UsageMeter, InterimCount> counts) {
      return new MarkedHour(markedAt, lastWriteAt, start, hasOldIds, counts);
    }

    /** Returns the counts to continue, which count all markers again if writes had old ids. */
    Map<UsageMeter, InterimCount> countsToContinue() {
      return hasOldIds ? restarted() : ledgerCounts;
    }

    private Map<UsageMeter, InterimCount> restarted() {
      var restarted = new HashMap<>(ledgerCounts);
      restarted.replaceAll((_, count) -> count.restarted());
      return restarted;
    }

    boolean isMarkValid(long now) {
      return now - markedAt < MARK_VALIDITY.toNanos();
    }

    /** Returns whether the last count may have missed a write. */
    boolean needsCount() {
      return countedAt - lastWriteAt < SETTLING_TIME.toNanos();
    }

    boolean isRemovable(long now) {
      return !needsCount() && !isMarkValid(now);
    }
  }

  /**
   * Starts to track an instance that has performed no counted write yet.
   *
   * @param nonces globally unique ids
   * @param clock determines the ids of this instance's writes
   * @param nanoTime a monotonic clock in nanoseconds
   */
  public WriteCounting(
      UncountedHours uncountedHours,
      Supplier<UUID> nonces,
      InstantSource clock,
      LongSupplier nanoTime) {
    this.uncountedHours = uncountedHours;
    this.nonces = nonces;
    this.clock = clock;
    this.nanoTime = nanoTime;
  }

  /**
   * Marks the hour before a counted write.
   *
   * @throws dev.partywall.error.ApiException as {@code Unavailable} if the hour cannot be marked.
   *     The write must then be rejected, because it might never be counted
   */
  @Override
  public void beforeWrite(Instant hour) {
    var tenantHour = tenantHour(hour);
    var now = nanoTime.getAsLong();
    var known = hours.computeIfPresent(tenantHour, (_, current) -> current.withLastWrite(now));
    if (known == null || !known.isMarkValid(now)) {
      mark(tenantHour, now);
    }
  }

  @Override
  public void beforeWriteWithOldId(Instant hour) {
    beforeWrite(hour);
    hours.computeIfPresent(tenantHour(hour), (_, current) -> current.withOldIds());
  }

  private static Usage.TenantHour tenantHour(Instant hour) {
    return new Usage.TenantHour(MeteredTenant.of(TenantContext.current()), hour);
  }

  /**
   * Counts the hours that may have new writes since their last count.
   *
   * @return the first failure; failed counts are repeated in the next call
   */
  public Optional<RuntimeException> count(HourlyCounts counts) {
    var due = hours.entrySet().stream().filter(hour -> hour.getValue().needsCount()).toList();
    var failure = BoundedParallel.each(due, hour -> count(hour, counts));
    var now = nanoTime.getAsLong();
    hours.keySet().forEach(tenantHour -> removeIfSettled(tenantHour, now));
    return failure;
  }

  /**
   * Marks the hour. Validity starts when the write starts, not when it completes, so a mark is
   * never trusted for too long.
   */
  private void mark(Usage.TenantHour tenantHour, long now) {
    uncountedHours.mark(new UncountedHours.HourMark(tenantHour, nonces.get()));
    hours.merge(tenantHour, MarkedHour.marked(now), (old, _) -> old.withMarkRenewed(now));
    var completed = nanoTime.getAsLong();
    hours.computeIfPresent(tenantHour, (_, hour) -> hour.withLastWrite(completed));
  }

  private void count(Map.Entry<Usage.TenantHour, MarkedHour> hour, HourlyCounts counts) {
    var tenantHour = hour.getKey();
    var start = nanoTime.getAsLong();
    var counted =
        counts.updateLedger(tenantHour, hour.getValue().countsToContinue(), clock.instant());
    hours.computeIfPresent(tenantHour, (_, current) -> current.withCounts(start, counted));
  }

  /** Checks and removes atomically. Otherwise a write that starts meanwhile would be missed. */
  private void removeIfSettled(Usage.TenantHour tenantHour, long now) {
    hours.computeIfPresent(tenantHour, (_, hour) -> hour.isRemovable(now) ? null : hour);
  }
}
