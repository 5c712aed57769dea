package dev.partywall.tenancy.admission;

import dev.partywall.tenancy.Tenant;
import java.util.OptionalLong;

/** The number of requests of each tenant in the current month. */
@FunctionalInterface
public interface MonthUsage {
  /**
   * Returns the number of requests in the current month (UTC) over all instances; empty if it is
   * not known yet. Every request of a tenant with a monthly limit calls this method. It therefore
   * waits only for the first read of a tenant's month, and only for a short time.
   */
  OptionalLong requestsThisMonth(Tenant tenant);
}
