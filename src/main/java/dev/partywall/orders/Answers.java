package dev.partywall.orders;

import dev.partywall.http.Response;

/**
 * Answers that show orders. They are the caller's alone, and change: nobody may reuse them unasked.
 */
final class Answers {
  private Answers() {}

  /** One order, whole. */
  static Response order(int status, Order order) {
    return uncached(Response.json(status, OrderJson.write(order)))
        .with("ETag", Preconditions.etag(order));
  }

  /** The caller has it already; with the fields that RFC 9110, section 15.4.5, wants. */
  static Response unchanged(Order order) {
    return uncached(Response.of(304)).with("ETag", Preconditions.etag(order));
  }

  /** Any other answer. */
  static Response uncached(Response response) {
    return response.with("Cache-Control", "private, no-cache");
  }
}
