package dev.partywall.orders;

import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
import dev.partywall.http.Handler;
import dev.partywall.http.Preconditions;
import dev.partywall.http.Request;
import dev.partywall.http.Response;
import dev.partywall.storage.Outcome;

/** {@code DELETE /orders/{id}}. */
record DeleteOrder(OrderStore orders) implements Handler {
  /** Deletes an order unless its status requires keeping it. If-Match is optional. */
  @Override
  public Response handle(Request request) {
    var conditions = Preconditions.of(request.headers());
    var order = orders.find(request.parameter("id"));
    while (order.isPresent()) {
      conditions.checkChange(order.get().etag());
      order.get().requireDeletable();
      switch (orders.delete(order.get())) {
        case Outcome.Written() -> {
          return Response.of(204);
        }
        // A concurrent change came first: repeat the checks with the current version.
        case Outcome.ConditionFailed(_, var current) -> order = current.map(OrderStore::order);
      }
    }
    throw new ApiException(new ApiError.NotFound());
  }
}
