package dev.partywall.orders;

import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
import dev.partywall.http.Handler;
import dev.partywall.http.Preconditions;
import dev.partywall.http.Request;
import dev.partywall.http.Response;

/** {@code GET /orders/{id}}. */
record ReadOrder(OrderStore orders) implements Handler {
  /** Returns an order, or a 304 if the caller already has that version. */
  @Override
  public Response handle(Request request) {
    var conditions = Preconditions.of(request.headers());
    var order =
        orders
            .find(request.parameter("id"))
            .orElseThrow(() -> new ApiException(new ApiError.NotFound()));
    return conditions.isUnchanged(order.etag())
        ? OrderResponses.notModified(order)
        : OrderResponses.order(200, order);
  }
}
