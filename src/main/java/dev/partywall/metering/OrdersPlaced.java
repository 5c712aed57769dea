package dev.partywall.metering;

import dev.partywall.storage.MarkListener;
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
 * ClosingHours}).
 */
final class OrdersPlaced implements MarkListener {
  private final ConcurrentMap<Usage.Slot, PlacingHour> hours = new ConcurrentHashMap<>();
  private final OpenHours uncountedHours;
  private final Supplier<UUID> nonces;
  private final LongSupplier nanoTime;

  OrdersPlaced(OpenHours uncountedHours, Supplier<UUID> nonces, LongSupplier nanoTime) {
    this.uncountedHours = uncountedHours;
    this.nonces = nonces;
    this.nanoTime = nanoTime;
  }

  /**
   * Marks the hour before an order is placed in it.
   *
   * @throws dev.partywall.http.Refused as {@code Unavailable} if the hour cannot be marked. The
   *     order must then be rejected, because it might never be counted
   */
  @Override
  public void before(Instant hour) {
    var tenantHour = new Usage.Slot(TenantContext.current().id(), hour);
    var now = nanoTime.getAsLong();
    var known = hours.computeIfPresent(tenantHour, (_, current) -> current.touched(now));
    if (known == null || !known.isTrusted(now)) {
      mark(tenantHour, now);
    }
  }

  /**
   * Counts the hours that may have new orders since their last count.
   *
   * @return the first failure; failed counts are repeated in the next call
   */
  Optional<RuntimeException> count(OrderCounts counts) {
    var due = hours.entrySet().stream().filter(hour -> hour.getValue().isDue()).toList();
    var failure = AtOnce.each(due, hour -> count(hour, counts));
    var now = nanoTime.getAsLong();
    hours.keySet().forEach(tenantHour -> removeIfSettled(tenantHour, now));
    return failure;
  }

  /**
   * Marks the hour. Validity starts when the write starts, not when it completes, so a mark is
   * never trusted for too long.
   */
  private void mark(Usage.Slot tenantHour, long now) {
    uncountedHours.write(new OpenHours.Note(tenantHour, nonces.get()));
    hours.merge(tenantHour, PlacingHour.noted(now), (old, _) -> old.notedAgain(now));
    var completed = nanoTime.getAsLong();
    hours.computeIfPresent(tenantHour, (_, hour) -> hour.touched(completed));
  }

  private void count(Map.Entry<Usage.Slot, PlacingHour> hour, OrderCounts counts) {
    var tenantHour = hour.getKey();
    var start = nanoTime.getAsLong();
    var count = counts.tell(tenantHour, hour.getValue().told());
    hours.computeIfPresent(
        tenantHour, (_, current) -> current.counted(start, Math.max(count, current.told())));
  }

  /** Checks and removes atomically. Otherwise an order that starts meanwhile would be missed. */
  private void removeIfSettled(Usage.Slot tenantHour, long now) {
    hours.computeIfPresent(tenantHour, (_, hour) -> hour.isForgettable(now) ? null : hour);
  }
}
