package dev.partywall.metering;

import dev.partywall.storage.CountedWriteListener;
import dev.partywall.tenancy.TenantContext;
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
final class OrderCounting implements CountedWriteListener {
  private final ConcurrentMap<Usage.TenantHour, MarkedHour> hours = new ConcurrentHashMap<>();
  private final UncountedHours uncountedHours;
  private final Supplier<UUID> nonces;
  private final LongSupplier nanoTime;

  OrderCounting(UncountedHours uncountedHours, Supplier<UUID> nonces, LongSupplier nanoTime) {
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
  Optional<RuntimeException> count(HourlyOrderCount counts) {
    var due = hours.entrySet().stream().filter(hour -> hour.getValue().needsCount()).toList();
    var failure = BoundedParallel.forEach(due, hour -> count(hour, counts));
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
    hours.computeIfPresent(
        tenantHour,
        (_, current) -> current.withCount(start, Math.max(count, current.ledgerCount())));
  }

  /** Checks and removes atomically. Otherwise an order that starts meanwhile would be missed. */
  private void removeIfSettled(Usage.TenantHour tenantHour, long now) {
    hours.computeIfPresent(tenantHour, (_, hour) -> hour.isRemovable(now) ? null : hour);
  }
}
