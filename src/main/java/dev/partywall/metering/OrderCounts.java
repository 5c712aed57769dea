package dev.partywall.metering;

import dev.partywall.storage.Marks;
import dev.partywall.tenancy.Tenant;
import dev.partywall.tenancy.TenantContext;
import dev.partywall.tenancy.TenantId;
import java.util.function.Function;

/**
 * Counts orders where they lie, under their tenant's binding and credentials, and tells the ledger.
 * The tenant does not pay for being counted.
 */
final class OrderCounts {
  private static final String METER = Measure.ORDERS_PLACED.label();

  private final Marks marks;
  private final Ledger ledger;
  private final Function<TenantId, Tenant> tenants;

  /**
   * Counts of any tenant's orders.
   *
   * @param tenants whom to bind for an id
   */
  OrderCounts(Marks marks, Ledger ledger, Function<TenantId, Tenant> tenants) {
    this.marks = marks;
    this.ledger = ledger;
    this.tenants = tenants;
  }

  /** How many orders the tenant placed in that hour, by the marks of the orders themselves. */
  long count(Usage.Slot slot) {
    return TenantContext.call(
        tenants.apply(slot.tenant()), () -> Meter.unmetered(() -> marks.count(METER, slot.hour())));
  }

  /**
   * Counts, and tells the ledger.
   *
   * @param told what the ledger has been told before
   * @return the count
   */
  long tell(Usage.Slot slot, long told) {
    var count = count(slot);
    if (count > told) {
      ledger.ordersPlaced(slot, count);
    }
    return count;
  }
}
