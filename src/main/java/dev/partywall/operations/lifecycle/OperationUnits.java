package dev.partywall.operations.lifecycle;

import dev.partywall.storage.CapacityListener;
import dev.partywall.tenancy.OperationKind;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * The capacity units that operations have consumed. They belong to the operator, and to no meter
 * that a tenant pays.
 */
public final class OperationUnits {
  private static final long THOUSANDTHS = 1_000;

  private final Map<OperationKind, LongAdder> thousandths = new EnumMap<>(OperationKind.class);
  private final CapacityListener tenants;

  /**
   * Creates counts of zero.
   *
   * @param tenants receives the units of all operations as well, with the tenant bound
   */
  public OperationUnits(CapacityListener tenants) {
    this.tenants = tenants;
    Arrays.stream(OperationKind.values()).forEach(kind -> thousandths.put(kind, new LongAdder()));
  }

  /**
   * Returns the listener of the calls of a kind of operation.
   *
   * @param pace receives the units as well
   */
  public CapacityListener listener(OperationKind kind, OperationPace pace) {
    var total = Objects.requireNonNull(thousandths.get(kind)); // each kind has one
    return (reads, writes) -> {
      total.add(reads + writes);
      tenants.consumed(reads, writes);
      pace.consumed((double) (reads + writes) / THOUSANDTHS);
    };
  }

  /** Returns the whole units until now, by the label of the kind. */
  public Map<String, Long> totals() {
    var totals = new TreeMap<String, Long>();
    thousandths.forEach((kind, sum) -> totals.put(kind.label(), sum.sum() / THOUSANDTHS));
    return totals;
  }
}
