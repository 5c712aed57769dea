package dev.partywall.operations.lifecycle;

import dev.partywall.tenancy.TenantId;
import dev.partywall.tenancy.registry.Operation;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * The leases of all operations, and the time since which this instance reads each of them. Not safe
 * for use by several threads.
 */
final class ObservedLeases {
  private static final long LEASE_NANOS = Duration.ofSeconds(30).toNanos();

  private final LongSupplier nanoTime;
  private final Map<TenantId, Observation> observations = new HashMap<>();

  /** A lease, and the time at which this instance first read it. */
  private record Observation(String operation, String lease, long readAt) {}

  /**
   * Creates an instance without leases.
   *
   * @param nanoTime a monotonic clock in nanoseconds
   */
  ObservedLeases(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** Removes the leases of all other operations. */
  void retain(List<Operation> operations) {
    observations.keySet().retainAll(operations.stream().map(Operation::tenant).toList());
  }

  /** Returns the number of operations whose leases were read. */
  int count() {
    return observations.size();
  }

  /** Returns whether an operation is free, or its lease was unchanged for 30 s. */
  boolean isWithoutOwner(Operation operation) {
    var now = nanoTime.getAsLong();
    var lease = operation.ownership().lease();
    var observation =
        observations.compute(
            operation.tenant(),
            (_, known) ->
                known != null
                        && known.operation().equals(operation.id())
                        && known.lease().equals(lease)
                    ? known
                    : new Observation(operation.id(), lease, now));
    return operation.ownership().isFree() || now - observation.readAt() > LEASE_NANOS;
  }
}
