package dev.partywall.metering.counting;

import dev.partywall.metering.ledger.Ledger;
import dev.partywall.metering.meter.MeteredTenant;
import dev.partywall.metering.meter.RequestMeter;
import dev.partywall.metering.meter.Usage;
import dev.partywall.metering.meter.UsageMeter;
import dev.partywall.storage.CountedWrites;
import dev.partywall.tenancy.Execution;
import dev.partywall.tenancy.Tenant;
import dev.partywall.tenancy.TenantId;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Counts the writes of each declared meter in a tenant's own table, under the tenant's binding and
 * credentials, and updates the ledger. The tenant does not pay for counting.
 */
public final class HourlyCounts {
  private final CountedWrites countedWrites;
  private final Ledger ledger;
  private final Function<TenantId, Tenant> tenants;
  private final Supplier<Execution> executions;

  /**
   * Counts the declared meters of the ledger, for all tenants.
   *
   * @param tenants returns a tenant with its placement, by id
   * @param executions opens the execution of each count
   */
  public HourlyCounts(
      CountedWrites countedWrites,
      Ledger ledger,
      Function<TenantId, Tenant> tenants,
      Supplier<Execution> executions) {
    this.countedWrites = countedWrites;
    this.ledger = ledger;
    this.tenants = tenants;
    this.executions = executions;
  }

  /**
   * Returns the number of the tenant's writes in the hour by meter, from all of their markers.
   * Empty for a deleted incarnation, whose markers are deleted.
   */
  public Map<UsageMeter, Long> count(Usage.TenantHour tenantHour) {
    var execution = executions.get();
    return execution.call(() -> countAll(tenantHour, execution));
  }

  /**
   * Counts all writes and updates the ledger with every count above zero. The ledger keeps its own
   * count if it is higher.
   */
  void updateLedger(Usage.TenantHour tenantHour) {
    var execution = executions.get();
    execution.call(() -> {
      raise(tenantHour, Map.of(), countAll(tenantHour, execution));
      return tenantHour;
    });
  }

  /**
   * Continues the counts of an hour and updates the ledger if they have grown.
   *
   * @param last the last counts of this hour in the ledger
   * @param now the time by the clock that determines the ids of this instance
   */
  Map<UsageMeter, InterimCount> updateLedger(
      Usage.TenantHour tenantHour, Map<UsageMeter, InterimCount> last, Instant now) {
    var execution = executions.get();
    return execution.call(() -> {
      var counts =
          countEach(
              tenantHour.tenant(),
              execution,
              meter ->
                  last.getOrDefault(meter, InterimCount.NONE)
                      .next(ids -> count(tenantHour, meter, ids), now));
      raise(tenantHour, totals(last), totals(counts));
      return counts;
    });
  }

  private Map<UsageMeter, Long> countAll(Usage.TenantHour tenantHour, Execution execution) {
    return countEach(
        tenantHour.tenant(),
        execution,
        meter -> countedWrites.count(meter.label(), tenantHour.hour()));
  }

  private long count(Usage.TenantHour tenantHour, UsageMeter meter, CountedWrites.IdRange ids) {
    return countedWrites.count(meter.label(), tenantHour.hour(), ids);
  }

  /**
   * Counts each meter for the tenant, which the execution records. The markers of a deleted
   * incarnation are deleted, after their hours were counted a last time, so they are not counted. A
   * silo's table does not exist any more.
   *
   * <p>The markers of a later incarnation are in other partitions. An instance that does not know
   * that incarnation counts none of them.
   */
  private <T> Map<UsageMeter, T> countEach(
      MeteredTenant tenant, Execution execution, Function<UsageMeter, T> count) {
    var current = tenants.apply(tenant.id());
    if (current.incarnation() < tenant.incarnation()) {
      throw new IllegalStateException("The registry is not read yet as far as " + tenant);
    }
    return current.registration().filter(known -> known.isDeleted(tenant.incarnation())).isPresent()
        ? Map.of()
        : execution.callForTenant(current, () -> RequestMeter.unmetered(() -> countEach(count)));
  }

  /** Counts each meter for the bound tenant. */
  private <T> Map<UsageMeter, T> countEach(Function<UsageMeter, T> count) {
    var counts = new LinkedHashMap<UsageMeter, T>();
    for (var meter : ledger.meters().declared()) {
      counts.put(meter, count.apply(meter));
    }
    return counts;
  }

  /** Updates the counts that are higher than in the ledger. */
  private void raise(
      Usage.TenantHour tenantHour,
      Map<UsageMeter, Long> ledgerCounts,
      Map<UsageMeter, Long> counts) {
    counts.forEach((meter, count) -> {
      if (count > ledgerCounts.getOrDefault(meter, 0L)) {
        ledger.setCount(tenantHour, meter, count);
      }
    });
  }

  private static Map<UsageMeter, Long> totals(Map<UsageMeter, InterimCount> counts) {
    var totals = new LinkedHashMap<UsageMeter, Long>();
    counts.forEach((meter, count) -> totals.put(meter, count.total()));
    return totals;
  }
}
