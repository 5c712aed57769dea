package dev.partywall.orders;

import dev.partywall.http.Handler;
import dev.partywall.http.Refusal;
import dev.partywall.http.Refused;
import dev.partywall.http.Request;
import dev.partywall.http.Response;

/** {@code GET /orders/{id}}. */
record ReadOrder(OrderStore orders) implements Handler {
  /** Returns an order, or a 304 if the caller already has that version. */
  @Override
  public Response handle(Request request) {
    var conditions = Preconditions.of(request.headers());
    var order =
        orders.find(request.parameter("id")).orElseThrow(() -> new Refused(new Refusal.NotFound()));
    return conditions.isUnchanged(order) ? Answers.unchanged(order) : Answers.order(200, order);
  }
}
