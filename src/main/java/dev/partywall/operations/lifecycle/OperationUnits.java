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
 * The capacity units that operations have consumed. They belong to the operator, and to no meter of
 * a tenant.
 */
public final class OperationUnits {
  private static final long THOUSANDTHS = 1_000;

  private final Map<OperationKind, LongAdder> thousandths = new EnumMap<>(OperationKind.class);

  /** Creates counts of zero. */
  public OperationUnits() {
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
