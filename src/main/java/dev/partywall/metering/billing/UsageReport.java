package dev.partywall.metering.billing;

import dev.partywall.metering.meter.Amounts;
import dev.partywall.metering.meter.Usage;
import dev.partywall.tenancy.Tenant;
import java.time.Instant;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A tenant's usage in a period. Empty buckets are omitted. A day that the period covers partly has
 * the usage of that part only, so the totals are those of the period regardless of the granularity.
 */
record UsageReport(
    Tenant tenant,
    Period period,
    Granularity granularity,
    SortedMap<Instant, Amounts> amountsByStart,
    Amounts totals) {

  static UsageReport of(Tenant tenant, Period period, Granularity granularity, List<Usage> hours) {
    var buckets = new TreeMap<Instant, Amounts>();
    var totals = Amounts.ZERO;
    for (var usage : hours) {
      buckets.merge(granularity.startOf(usage.hour()), usage.amounts(), Amounts::plus);
      totals = totals.plus(usage.amounts());
    }
    return new UsageReport(tenant, period, granularity, buckets, totals);
  }
}
