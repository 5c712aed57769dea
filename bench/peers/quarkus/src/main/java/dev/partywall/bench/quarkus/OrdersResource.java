package dev.partywall.bench.quarkus;

import dev.partywall.bench.orders.OrdersTable;
import dev.partywall.bench.orders.Page;
import io.quarkus.security.PermissionsAllowed;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import org.eclipse.microprofile.jwt.JsonWebToken;
import org.jboss.resteasy.reactive.RestQuery;

@Path("/orders")
@RunOnVirtualThread
public class OrdersResource {
  private final OrdersTable table;
  private final JsonWebToken token;

  OrdersResource(OrdersTable table, JsonWebToken token) {
    this.table = table;
    this.token = token;
  }

  /** Quarkus maps OIDC scopes to permissions: orders:read is the action read on orders. */
  @GET
  @PermissionsAllowed("orders:read")
  public Page newest(@RestQuery @DefaultValue("20") int limit) {
    return table.newest(token.getClaim("tenant_id"), limit);
  }
}
