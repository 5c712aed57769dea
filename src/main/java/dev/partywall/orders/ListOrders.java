package dev.partywall.orders;

import dev.partywall.http.Handler;
import dev.partywall.http.Request;
import dev.partywall.http.Response;
import dev.partywall.storage.Item;
import dev.partywall.storage.Page;
import java.util.stream.Collectors;

/** {@code GET /orders}. */
record ListOrders(OrderStore orders) implements Handler {
  /** Returns a page of orders, newest first. */
  @Override
  public Response handle(Request request) {
    var query = ListQuery.of(request);
    return OrderResponses.uncached(Response.json(200, json(orders.list(query), query)));
  }

  /** Joins the stored documents, which are the API's JSON. A cursor needs no escaping. */
  private static String json(Page page, ListQuery query) {
    var next = page.next().map(id -> ",\"next\":\"" + query.cursor(id) + "\"").orElse("");
    return page.items().stream()
        .map(Item::document)
        .collect(Collectors.joining(",", "{\"orders\":[", "]" + next + "}"));
  }
}
