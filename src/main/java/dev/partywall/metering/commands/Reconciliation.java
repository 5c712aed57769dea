package dev.partywall.metering.commands;

import dev.partywall.concurrent.BoundedParallel;
import dev.partywall.metering.billing.Period;
import dev.partywall.metering.counting.HourlyOrderCount;
import dev.partywall.metering.ledger.Ledger;
import dev.partywall.metering.meter.Usage;
import dev.partywall.metering.meter.UsageMeter;
import dev.partywall.tenancy.TenantId;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;

/** Compares the ledger's order counts with the orders' count markers, hour by hour. */
record Reconciliation(Ledger ledger, HourlyOrderCount counts) {
  /**
   * An hour with different counts.
   *
   * @param ledger the count in the ledger
   * @param orders the count of the orders' markers
   */
  record Difference(Usage.TenantHour tenantHour, long ledger, long orders) {}

  /** Returns every hour of the tenants in the period. */
  static List<Usage.TenantHour> tenantHours(Set<TenantId> tenants, Period period) {
    return tenants.stream().flatMap(tenant -> tenantHours(tenant, period)).toList();
  }

  /**
   * Returns the hours with different counts, by tenant and hour.
   *
   * @throws RuntimeException if not all hours could be compared
   */
  List<Difference> differences(Collection<Usage.TenantHour> tenantHours) {
    Queue<Difference> found = new ConcurrentLinkedQueue<>();
    BoundedParallel.each(
            tenantHours,
            tenantHour -> {
              var difference =
                  new Difference(tenantHour, ledgerCount(tenantHour), counts.count(tenantHour));
              if (difference.ledger() != difference.orders()) {
                found.add(difference);
              }
            })
        .ifPresent(failure -> {
          throw failure;
        });
    return found.stream()
        .sorted(
            Comparator.comparing(
                    (Difference difference) -> difference.tenantHour().tenant().value())
                .thenComparing(difference -> difference.tenantHour().hour()))
        .toList();
  }

  private long ledgerCount(Usage.TenantHour tenantHour) {
    return ledger
        .usage(tenantHour.tenant(), tenantHour.hour(), tenantHour.hour().plus(1, ChronoUnit.HOURS))
        .stream()
        .mapToLong(usage -> usage.amounts().steps(UsageMeter.ORDERS_PLACED))
        .sum();
  }

  private static Stream<Usage.TenantHour> tenantHours(TenantId tenant, Period period) {
    return Stream.iterate(
            period.from(),
            hour -> hour.isBefore(period.to()),
            hour -> hour.plus(1, ChronoUnit.HOURS))
        .map(hour -> new Usage.TenantHour(tenant, hour));
  }
}
