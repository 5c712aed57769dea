package dev.partywall.metering;

import dev.partywall.storage.Marks;
import dev.partywall.tenancy.Tenant;
import dev.partywall.tenancy.TenantContext;
import dev.partywall.tenancy.TenantId;
import java.util.Collection;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Counts orders where they lie, under their tenant's binding and credentials, and tells the ledger.
 * The tenant does not pay for being counted.
 */
final class OrderCounts {
  private static final String METER = Measure.ORDERS_PLACED.label();

  /** Counts at once: enough to make up for the way to DynamoDB, too few to crowd out requests. */
  private static final int AT_ONCE = 16;

  /** Failures after which the rest is left for the next time: then it is not one tenant's. */
  private static final int AN_OUTAGE = 64;

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

  /**
   * Does that for each of these, several at once.
   *
   * @return the first failure; it keeps nothing from the others
   */
  static <T> Optional<RuntimeException> each(Collection<T> all, Consumer<T> work) {
    var failures = new ConcurrentLinkedQueue<RuntimeException>();
    try (var threads = Executors.newFixedThreadPool(AT_ONCE, Thread.ofVirtual().factory())) {
      all.forEach(one -> threads.execute(() -> attempt(one, work, failures)));
    }
    return Optional.ofNullable(failures.peek());
  }

  private static <T> void attempt(T one, Consumer<T> work, Queue<RuntimeException> failures) {
    if (failures.size() >= AN_OUTAGE) {
      return;
    }
    try {
      work.accept(one);
    } catch (RuntimeException e) {
      failures.add(e);
    }
  }
}
