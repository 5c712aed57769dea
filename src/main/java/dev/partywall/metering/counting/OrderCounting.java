package dev.partywall.metering.counting;

import dev.partywall.concurrent.BoundedParallel;
import dev.partywall.metering.ledger.UncountedHours;
import dev.partywall.metering.meter.Usage;
import dev.partywall.storage.CountedWriteListener;
import dev.partywall.tenancy.TenantContext;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Tracks the tenants' hours in which this instance places orders. It marks each hour as uncounted
 * before the first order, so the hour is counted even if this instance crashes. It counts the hour
 * every few seconds while orders arrive.
 *
 * <p>A mark is valid for a limited time; the next order after that renews it. So if a mark remains
 * unchanged for longer, no instance relies on it, regardless of the instances' clocks ({@link
 * HourCloser}).
 */
public final class OrderCounting implements CountedWriteListener {
  /**
   * The validity of a mark. Shorter than {@link HourCloser#CLOSING_DELAY} by more than the maximum
   * duration of an order.
   */
  static final Duration MARK_VALIDITY = Duration.ofMinutes(10);

  /** An order completes within 10 s. A later count therefore includes it. */
  static final Duration SETTLING_TIME = Duration.ofSeconds(12);

  private final ConcurrentMap<Usage.TenantHour, MarkedHour> hours = new ConcurrentHashMap<>();
  private final UncountedHours uncountedHours;
  private final Supplier<UUID> nonces;
  private final LongSupplier nanoTime;

  /**
   * A tenant's hour in which this instance places orders. Times are nanoseconds of this process's
   * monotonic clock.
   *
   * @param markedAt time of the last mark as uncounted
   * @param lastOrderAt time of the last order
   * @param countedAt start of the last successful count
   * @param ledgerCount the count in the ledger
   */
  private record MarkedHour(long markedAt, long lastOrderAt, long countedAt, long ledgerCount) {
    static MarkedHour marked(long now) {
      return new MarkedHour(now, now, now - 1, 0);
    }

    MarkedHour withMarkRenewed(long now) {
      return new MarkedHour(now, now, countedAt, ledgerCount);
    }

    MarkedHour withLastOrder(long now) {
      return new MarkedHour(markedAt, now, countedAt, ledgerCount);
    }

    MarkedHour withCount(long start, long count) {
      return new MarkedHour(markedAt, lastOrderAt, start, Math.max(count, ledgerCount));
    }

    boolean isMarkValid(long now) {
      return now - markedAt < MARK_VALIDITY.toNanos();
    }

    /** Returns whether the last count may have missed an order. */
    boolean needsCount() {
      return countedAt - lastOrderAt < SETTLING_TIME.toNanos();
    }

    boolean isRemovable(long now) {
      return !needsCount() && !isMarkValid(now);
    }
  }

  /**
   * Starts to track an instance that has placed no orders yet.
   *
   * @param nonces globally unique ids
   * @param nanoTime a monotonic clock in nanoseconds
   */
  public OrderCounting(
      UncountedHours uncountedHours, Supplier<UUID> nonces, LongSupplier nanoTime) {
    this.uncountedHours = uncountedHours;
    this.nonces = nonces;
    this.nanoTime = nanoTime;
  }

  /**
   * Marks the hour before an order is placed in it.
   *
   * @throws dev.partywall.error.ApiException as {@code Unavailable} if the hour cannot be marked.
   *     The order must then be rejected, because it might never be counted
   */
  @Override
  public void beforeWrite(Instant hour) {
    var tenantHour = new Usage.TenantHour(TenantContext.current().id(), hour);
    var now = nanoTime.getAsLong();
    var known = hours.computeIfPresent(tenantHour, (_, current) -> current.withLastOrder(now));
    if (known == null || !known.isMarkValid(now)) {
      mark(tenantHour, now);
    }
  }

  /**
   * Counts the hours that may have new orders since their last count.
   *
   * @return the first failure; failed counts are repeated in the next call
   */
  public Optional<RuntimeException> count(HourlyOrderCount counts) {
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
    hours.computeIfPresent(tenantHour, (_, hour) -> hour.withLastOrder(completed));
  }

  private void count(Map.Entry<Usage.TenantHour, MarkedHour> hour, HourlyOrderCount counts) {
    var tenantHour = hour.getKey();
    var start = nanoTime.getAsLong();
    var count = counts.updateLedger(tenantHour, hour.getValue().ledgerCount());
    hours.computeIfPresent(tenantHour, (_, current) -> current.withCount(start, count));
  }

  /** Checks and removes atomically. Otherwise an order that starts meanwhile would be missed. */
  private void removeIfSettled(Usage.TenantHour tenantHour, long now) {
    hours.computeIfPresent(tenantHour, (_, hour) -> hour.isRemovable(now) ? null : hour);
  }
}
