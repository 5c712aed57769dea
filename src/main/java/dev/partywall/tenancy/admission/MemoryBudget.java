package dev.partywall.tenancy.admission;

import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
import dev.partywall.tenancy.TenantId;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The part of the heap for the bodies of requests and for responses, in bytes. A tenant can reserve
 * at most as much as remains free afterwards: one tenant alone gets half of the budget, two get a
 * third each, and so on. A tenant therefore never takes the room of a tenant that has reserved
 * nothing.
 */
public final class MemoryBudget {
  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  private final long capacity;

  /** The reserved bytes; requests without a tenant share one entry. */
  private final Map<Optional<TenantId>, Long> reserved = new HashMap<>();

  private long total;

  /** Creates an empty budget of {@code capacity} bytes. */
  public MemoryBudget(long capacity) {
    this.capacity = capacity;
  }

  /** Returns the number of reserved bytes. */
  public synchronized long reserved() {
    return total;
  }

  /** Returns a reservation without bytes. */
  Reservation reservation(Optional<TenantId> tenant) {
    return new Reservation(tenant);
  }

  private synchronized boolean change(Optional<TenantId> tenant, long bytes) {
    var own = reserved.getOrDefault(tenant, 0L) + bytes;
    if (bytes > 0 && own > capacity - total - bytes) {
      return false;
    }
    total += bytes;
    if (own == 0) {
      reserved.remove(tenant);
    } else {
      reserved.put(tenant, own);
    }
    return true;
  }

  /** The reservation of one request. Its methods are called by one thread at a time. */
  final class Reservation {
    private final Optional<TenantId> tenant;
    private long bytes;

    private Reservation(Optional<TenantId> tenant) {
      this.tenant = tenant;
    }

    /**
     * Changes the number of reserved bytes.
     *
     * @throws ApiException as {@link ApiError.AtCapacity} if the budget or the tenant has no room
     *     for more bytes. The reservation is unchanged
     */
    void set(long required) {
      if (!change(tenant, required - bytes)) {
        throw new ApiException(new ApiError.AtCapacity(RETRY_AFTER));
      }
      bytes = required;
    }

    /** Releases all bytes. A second call has no effect. */
    void end() {
      set(0);
    }
  }
}
