package dev.partywall.orders;

import dev.partywall.http.Handler;
import dev.partywall.http.Refusal;
import dev.partywall.http.Refused;
import dev.partywall.http.Request;
import dev.partywall.http.Response;
import dev.partywall.storage.Outcome;

/** {@code DELETE /orders/{id}}. */
record DeleteOrder(OrderStore orders) implements Handler {
  /** Deletes an order that need not stay on record; If-Match is honoured, but not asked for. */
  @Override
  public Response handle(Request request) {
    var conditions = Preconditions.of(request.headers());
    var order = orders.find(request.parameter("id"));
    while (order.isPresent()) {
      conditions.checkChange(order.get());
      order.get().requireDeletable();
      switch (orders.delete(order.get())) {
        case Outcome.Written() -> {
          return Response.of(204);
        }
        // Somebody was faster: the same is asked of what stands there now.
        case Outcome.Failed(_, var standing) -> order = standing.map(OrderStore::order);
      }
    }
    throw new Refused(new Refusal.NotFound());
  }
}
