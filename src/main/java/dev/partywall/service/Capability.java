package dev.partywall.service;

import dev.partywall.http.Route;
import dev.partywall.storage.TenantTable;
import java.time.InstantSource;
import java.util.List;
import java.util.random.RandomGenerator;

/** A product feature: routes over a table that is limited to the caller's tenant. */
@FunctionalInterface
public interface Capability {
  /**
   * Returns the routes.
   *
   * @param table the table of the bound tenant
   * @param random an unpredictable, thread-safe generator
   */
  List<Route> routes(TenantTable table, InstantSource clock, RandomGenerator random);
}
