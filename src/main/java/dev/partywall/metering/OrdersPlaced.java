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
 * Knows the tenants' hours in which this instance places orders. Each is noted as open before its
 * first order, so that it is counted even if this instance never comes back; and it is counted anew
 * every few seconds for as long as orders come.
 *
 * <p>A note is trusted for a while only, and written anew by the next order after that. So whoever
 * sees one stand unchanged for longer knows that no instance still trusts it, whatever the
 * instances' clocks say ({@link ClosingHours}).
 */
final class OrdersPlaced implements MarkListener {
  private final ConcurrentMap<Usage.Slot, PlacingHour> hours = new ConcurrentHashMap<>();
  private final OpenHours open;
  private final Supplier<UUID> nonces;
  private final LongSupplier nanoTime;

  OrdersPlaced(OpenHours open, Supplier<UUID> nonces, LongSupplier nanoTime) {
    this.open = open;
    this.nonces = nonces;
    this.nanoTime = nanoTime;
  }

  /**
   * Notes the hour before an order is placed in it.
   *
   * @throws dev.partywall.http.Refused as {@code Unavailable} when it can't be noted: the order has
   *     to be refused then, or it might never be counted
   */
  @Override
  public void before(Instant hour) {
    var slot = new Usage.Slot(TenantContext.current().id(), hour);
    var now = nanoTime.getAsLong();
    var known = hours.computeIfPresent(slot, (_, it) -> it.touched(now));
    if (known == null || !known.isTrusted(now)) {
      note(slot, now);
    }
  }

  /**
   * Counts the hours in which orders may have come since they were last counted.
   *
   * @return the first failure; what failed is counted the next time
   */
  Optional<RuntimeException> count(OrderCounts counts) {
    var due = hours.entrySet().stream().filter(it -> it.getValue().isDue()).toList();
    var failure = AtOnce.each(due, hour -> count(hour, counts));
    var now = nanoTime.getAsLong();
    hours.keySet().forEach(slot -> forget(slot, now));
    return failure;
  }

  /** From when it set out, and not from when it arrived: nobody may trust a note for too long. */
  private void note(Usage.Slot slot, long now) {
    open.write(new OpenHours.Note(slot, nonces.get()));
    hours.merge(slot, PlacingHour.noted(now), (old, _) -> old.notedAgain(now));
    var arrived = nanoTime.getAsLong();
    hours.computeIfPresent(slot, (_, it) -> it.touched(arrived));
  }

  private void count(Map.Entry<Usage.Slot, PlacingHour> hour, OrderCounts counts) {
    var slot = hour.getKey();
    var began = nanoTime.getAsLong();
    var count = counts.tell(slot, hour.getValue().told());
    hours.computeIfPresent(slot, (_, it) -> it.counted(began, Math.max(count, it.told())));
  }

  /** In one step with the look at it, or an order that sets out meanwhile would be forgotten. */
  private void forget(Usage.Slot slot, long now) {
    hours.computeIfPresent(slot, (_, it) -> it.isForgettable(now) ? null : it);
  }
}
