package dev.partywall.orders;

import dev.partywall.http.Handler;
import dev.partywall.http.Refusal;
import dev.partywall.http.Refused;
import dev.partywall.http.Request;
import dev.partywall.http.Response;
import dev.partywall.storage.Outcome;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;

/** {@code PUT /orders/{id}}. */
record ReplaceOrder(OrderStore orders, InstantSource clock) implements Handler {
  /**
   * Replaces what a caller may say about an order. It refuses in this order: what can't be
   * understood (400), no If-Match (428), a body that does not hold (422), no such order (404), a
   * stale one (412), and what the order's status does not allow (409).
   */
  @Override
  public Response handle(Request request) {
    var body = request.json();
    var conditions = Preconditions.of(request.headers());
    DraftReader.refuseUnknown(body, DraftReader.REPLACING);
    conditions.requireIfMatch();
    var draft = DraftReader.read(body);
    var before = orders.find(request.parameter("id"));
    while (before.isPresent()) {
      conditions.checkChange(before.get());
      var now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
      var after = before.get().replacedBy(draft, now);
      switch (orders.replace(before.get(), after)) {
        case Outcome.Written() -> {
          return Answers.order(200, after);
        }
        // Somebody was faster: the same is asked of what stands there now.
        case Outcome.Failed(_, var standing) -> before = standing.map(OrderStore::order);
      }
    }
    throw new Refused(new Refusal.NotFound());
  }
}
