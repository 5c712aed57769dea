package dev.partywall.orders;

import dev.partywall.error.Faults;
import dev.partywall.http.Handler;
import dev.partywall.http.IdempotencyKey;
import dev.partywall.http.Request;
import dev.partywall.http.Response;
import dev.partywall.storage.Ids;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;

/** {@code POST /orders}. */
record PlaceOrder(OrderStore orders, Ids ids, InstantSource clock) implements Handler {
  /**
   * Places an order. With an idempotency key, repeated requests place it only once. Only validation
   * results are stored: after a malformed request its key can be used again.
   */
  @Override
  public Response handle(Request request) {
    var body = request.json();
    var key = IdempotencyKey.of(request);
    OrderDraftReader.rejectUnknown(body, OrderDraftReader.PLACE_FIELDS);
    var faults = new Faults();
    var draft = OrderDraftReader.read(body, faults);
    var user = request.subject();
    var placed = orders.place(key, faults, () -> newOrder(user, draft));
    var response = OrderResponses.placed(placed.entity());
    return placed.replayed() ? response.asReplay() : response;
  }

  private Order newOrder(String user, OrderDraft draft) {
    var now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    return Order.placed(ids.next(now), user, draft, now);
  }
}
