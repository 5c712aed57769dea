package dev.partywall.orders;

import dev.partywall.http.Route;
import dev.partywall.storage.Ids;
import dev.partywall.storage.TenantTable;
import java.time.InstantSource;
import java.util.List;
import java.util.random.RandomGenerator;

/** The routes of the orders API, with their scopes. */
public final class OrderRoutes {
  private static final String READ = "orders:read";
  private static final String WRITE = "orders:write";

  private OrderRoutes() {}

  /**
   * Returns all routes.
   *
   * @param table the table for orders and idempotency records
   * @param random must be unpredictable and thread-safe
   */
  public static List<Route> of(TenantTable table, InstantSource clock, RandomGenerator random) {
    var orders = new OrderStore(table, clock);
    var ids = new Ids(random);
    return List.of(
        Route.of("GET", "/orders", READ, new ListOrders(orders)),
        Route.of("POST", "/orders", WRITE, new PlaceOrder(orders, ids, clock)),
        Route.of("GET", "/orders/{id}", READ, new ReadOrder(orders)),
        Route.of("PUT", "/orders/{id}", WRITE, new ReplaceOrder(orders, clock)),
        Route.of("DELETE", "/orders/{id}", WRITE, new DeleteOrder(orders)));
  }
}
