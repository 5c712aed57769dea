package dev.partywall.metering.counting;

import dev.partywall.metering.ledger.Ledger;
import dev.partywall.metering.meter.RequestMeter;
import dev.partywall.metering.meter.Usage;
import dev.partywall.metering.meter.UsageMeter;
import dev.partywall.storage.CountedWrites;
import dev.partywall.tenancy.Tenant;
import dev.partywall.tenancy.TenantContext;

/**
 * Counts a tenant's orders in its own table, under the tenant's binding and credentials, and
 * updates the ledger. The tenant does not pay for counting.
 */
public final class HourlyOrderCount {
  private static final String METER = UsageMeter.ORDERS_PLACED.label();

  private final CountedWrites countedWrites;
  private final Ledger ledger;

  /** Creates a counter for all tenants. */
  public HourlyOrderCount(CountedWrites countedWrites, Ledger ledger) {
    this.countedWrites = countedWrites;
    this.ledger = ledger;
  }

  /** Returns the number of orders that the tenant placed in the hour, by their count markers. */
  public long count(Usage.TenantHour tenantHour) {
    return TenantContext.call(
        new Tenant(tenantHour.tenant()),
        () -> RequestMeter.unmetered(() -> countedWrites.count(METER, tenantHour.hour())));
  }

  /**
   * Counts the orders and updates the ledger.
   *
   * @param ledgerCount the last count written to the ledger
   */
  long updateLedger(Usage.TenantHour tenantHour, long ledgerCount) {
    var count = count(tenantHour);
    if (count > ledgerCount) {
      ledger.setOrdersPlaced(tenantHour, count);
    }
    return count;
  }
}
