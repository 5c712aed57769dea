package dev.partywall.metering;

import dev.partywall.tenancy.TenantId;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;

/** Compares the ledger's count of orders with the orders' own marks, hour by hour. */
record Reconciliation(Ledger ledger, OrderCounts counts) {
  /**
   * An hour for which the two differ.
   *
   * @param ledger what the ledger says
   * @param orders what is there
   */
  record Difference(Usage.Slot slot, long ledger, long orders) {}

  /** Every hour of these tenants in that period. */
  static List<Usage.Slot> slots(Set<TenantId> tenants, Period period) {
    return tenants.stream().flatMap(tenant -> slots(tenant, period)).toList();
  }

  /**
   * Those for which the two differ, in their order.
   *
   * @throws RuntimeException when not all could be compared
   */
  List<Difference> differences(Collection<Usage.Slot> slots) {
    Queue<Difference> found = new ConcurrentLinkedQueue<>();
    AtOnce.each(
            slots,
            slot -> {
              var difference = new Difference(slot, told(slot), counts.count(slot));
              if (difference.ledger() != difference.orders()) {
                found.add(difference);
              }
            })
        .ifPresent(failure -> {
          throw failure;
        });
    return found.stream()
        .sorted(
            Comparator.comparing((Difference it) -> it.slot().tenant().value())
                .thenComparing(it -> it.slot().hour()))
        .toList();
  }

  private long told(Usage.Slot slot) {
    return ledger.usage(slot.tenant(), slot.hour(), slot.hour().plus(1, ChronoUnit.HOURS)).stream()
        .mapToLong(usage -> usage.amounts().steps(Measure.ORDERS_PLACED))
        .sum();
  }

  private static Stream<Usage.Slot> slots(TenantId tenant, Period period) {
    return Stream.iterate(
            period.from(), it -> it.isBefore(period.to()), it -> it.plus(1, ChronoUnit.HOURS))
        .map(hour -> new Usage.Slot(tenant, hour));
  }
}
