package dev.partywall.metering.counting;

import dev.partywall.metering.ledger.Ledger;
import dev.partywall.metering.meter.RequestMeter;
import dev.partywall.metering.meter.Usage;
import dev.partywall.metering.meter.UsageMeter;
import dev.partywall.storage.CountedWrites;
import dev.partywall.tenancy.Execution;
import dev.partywall.tenancy.Tenant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Counts the writes of each declared meter in a tenant's own table, under the tenant's binding and
 * credentials, and updates the ledger. The tenant does not pay for counting.
 */
public final class HourlyCounts {
  private final CountedWrites countedWrites;
  private final Ledger ledger;
  private final Supplier<Execution> executions;

  /**
   * Counts the declared meters of the ledger, for all tenants.
   *
   * @param executions opens the execution of each count
   */
  public HourlyCounts(CountedWrites countedWrites, Ledger ledger, Supplier<Execution> executions) {
    this.countedWrites = countedWrites;
    this.ledger = ledger;
    this.executions = executions;
  }

  /** Returns the number of the tenant's writes in the hour by meter, from their markers. */
  public Map<UsageMeter, Long> count(Usage.TenantHour tenantHour) {
    var execution = executions.get();
    return execution.call(() -> count(tenantHour, execution));
  }

  /** Counts for the tenant, which the execution records. */
  private Map<UsageMeter, Long> count(Usage.TenantHour tenantHour, Execution execution) {
    return execution.callForTenant(
        new Tenant(tenantHour.tenant()),
        () -> RequestMeter.unmetered(() -> countBound(tenantHour)));
  }

  /** Counts for the bound tenant. */
  private Map<UsageMeter, Long> countBound(Usage.TenantHour tenantHour) {
    var counts = new LinkedHashMap<UsageMeter, Long>();
    for (var meter : ledger.meters().declared()) {
      counts.put(meter, countedWrites.count(meter.label(), tenantHour.hour()));
    }
    return counts;
  }

  /**
   * Counts the writes and updates the ledger.
   *
   * @param ledgerCounts the last counts written to the ledger
   */
  Map<UsageMeter, Long> updateLedger(
      Usage.TenantHour tenantHour, Map<UsageMeter, Long> ledgerCounts) {
    var execution = executions.get();
    return execution.call(() -> raise(tenantHour, ledgerCounts, count(tenantHour, execution)));
  }

  /** Updates the counts that are higher than in the ledger. Returns the counts. */
  private Map<UsageMeter, Long> raise(
      Usage.TenantHour tenantHour,
      Map<UsageMeter, Long> ledgerCounts,
      Map<UsageMeter, Long> counts) {
    counts.forEach((meter, count) -> {
      if (count > ledgerCounts.getOrDefault(meter, 0L)) {
        ledger.setCount(tenantHour, meter, count);
      }
    });
    return counts;
  }
}
