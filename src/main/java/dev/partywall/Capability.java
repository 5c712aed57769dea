package dev.partywall;

import dev.partywall.http.Route;
import dev.partywall.storage.TenantTable;
import java.time.InstantSource;
import java.util.List;
import java.util.random.RandomGenerator;

/** Something that the service sells: routes, over a table that is the caller's tenant's already. */
@FunctionalInterface
public interface Capability {
  /**
   * Its routes.
   *
   * @param table the bound tenant's, whoever that is
   * @param random unpredictable, and safe for use by many threads
   */
  List<Route> routes(TenantTable table, InstantSource clock, RandomGenerator random);
}
