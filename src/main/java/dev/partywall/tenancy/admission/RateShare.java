package dev.partywall.tenancy.admission;

import dev.partywall.tenancy.TenantId;
import java.util.function.ToLongFunction;

/** The part of each tenant's rate that this instance permits. */
@FunctionalInterface
public interface RateShare {
  /**
   * Returns the part of the tenant's rate, greater than 0. It is 1 unless an instance has limited
   * the tenant and other instances serve it. Every request of a tenant calls this method, which
   * therefore never blocks.
   *
   * @param ownRequests returns the requests of a tenant to this instance in the last 4 s. It is
   *     called only for a tenant that an instance limits and others serve
   */
  double of(TenantId tenant, ToLongFunction<TenantId> ownRequests);
}
