package dev.partywall.orders;

import dev.partywall.http.Response;

/**
 * Builds responses about orders. Such responses are private to the caller and change, so caches
 * must revalidate them.
 */
final class OrderResponses {
  private OrderResponses() {}

  /** Returns a response with an order as its body. */
  static Response order(int status, Order order) {
    return uncached(Response.json(status, OrderJson.write(order))).with("ETag", order.etag());
  }

  /** Returns the response to the request that placed an order. */
  static Response placed(Order order) {
    return order(201, order).with("Location", "/orders/" + order.id());
  }

  /** Returns a 304 with the header fields that RFC 9110, section 15.4.5, requires. */
  static Response notModified(Order order) {
    return uncached(Response.of(304)).with("ETag", order.etag());
  }

  /** Returns the response with the Cache-Control field of all order responses. */
  static Response uncached(Response response) {
    return response.with("Cache-Control", "private, no-cache");
  }
}
