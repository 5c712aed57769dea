package dev.partywall.orders;

import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
import dev.partywall.error.Faults;
import dev.partywall.http.Handler;
import dev.partywall.http.Preconditions;
import dev.partywall.http.Request;
import dev.partywall.http.Response;
import dev.partywall.storage.Outcome;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;

/** {@code PUT /orders/{id}}. */
record ReplaceOrder(OrderStore orders, InstantSource clock) implements Handler {
  /**
   * Replaces the caller-defined content of an order. Errors have this precedence: malformed request
   * (400), missing If-Match (428), invalid body (422), unknown order (404), stale version (412),
   * status conflict (409).
   */
  @Override
  public Response handle(Request request) {
    var body = request.json();
    var conditions = Preconditions.of(request.headers());
    OrderDraftReader.rejectUnknown(body, OrderDraftReader.REPLACE_FIELDS);
    conditions.requireIfMatch();
    var faults = new Faults();
    var draft = OrderDraftReader.read(body, faults);
    faults.rejectIfAny();
    return replace(request.parameter("id"), conditions, draft);
  }

  private Response replace(String id, Preconditions conditions, OrderDraft draft) {
    var before = orders.find(id);
    while (before.isPresent()) {
      conditions.checkChange(before.get().etag());
      var now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
      var after = before.get().replacedBy(draft, now);
      switch (orders.replace(before.get(), after)) {
        case Outcome.Written() -> {
          return OrderResponses.order(200, after);
        }
        // A concurrent change came first: repeat the checks with the current version.
        case Outcome.ConditionFailed(_, var current) -> before = current.map(OrderStore::order);
      }
    }
    throw new ApiException(new ApiError.NotFound());
  }
}
