package dev.partywall.bench.helidon;

import dev.partywall.bench.orders.OrdersTable;
import io.helidon.http.ForbiddenException;
import io.helidon.security.SecurityContext;
import io.helidon.security.Subject;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

final class OrdersHandler implements Handler {
  private final OrdersTable table;

  OrdersHandler(OrdersTable table) {
    this.table = table;
  }

  @Override
  public void handle(ServerRequest request, ServerResponse response) {
    var caller = caller(request);
    if (caller.grantsByType("scope").stream()
        .noneMatch(grant -> grant.getName().equals("orders:read"))) {
      throw new ForbiddenException("The scope orders:read is required.");
    }
    var tenant = (String) caller.principal().abacAttribute("tenant_id").orElseThrow();
    var limit = request.query().first("limit").map(Integer::parseInt).orElse(20);
    response.send(table.newest(tenant, limit));
  }

  private static Subject caller(ServerRequest request) {
    return request.context().get(SecurityContext.class).orElseThrow().user().orElseThrow();
  }
}
