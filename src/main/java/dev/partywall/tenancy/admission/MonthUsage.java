package dev.partywall.tenancy.admission;

import dev.partywall.tenancy.Tenant;

/** The number of requests of each tenant in the current month. */
@FunctionalInterface
public interface MonthUsage {
  /**
   * Returns the number of requests in the current month (UTC) over all instances, as far as this
   * instance knows them; never too high. Every request of a tenant with a monthly limit calls this
   * method, which therefore never blocks.
   */
  long requestsThisMonth(Tenant tenant);
}
