package dev.partywall.orders;

import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A version of an order.
 *
 * @param userId the user who placed the order
 * @param currency an ISO 4217 code
 * @param total in the currency's minor unit, like the unit prices
 * @param version 1 for a new order; each change adds 1
 */
record Order(
    String id,
    OrderStatus status,
    String userId,
    String currency,
    List<OrderLine> items,
    long total,
    Optional<String> note,
    Instant createdAt,
    Instant updatedAt,
    long version) {

  /** Returns a new order. */
  static Order placed(String id, String user, OrderDraft draft, Instant now) {
    return new Order(
        id,
        OrderStatus.PLACED,
        user,
        draft.currency(),
        draft.items(),
        OrderDraft.total(draft.items()),
        draft.note(),
        now,
        now,
        1);
  }

  /**
   * Returns the next version of this order, with the draft's content.
   *
   * @throws ApiException with {@link ApiError.Conflict} when the order is closed, or the status
   *     transition is not allowed
   */
  Order replacedBy(OrderDraft draft, Instant now) {
    return new Order(
        id,
        moveTo(draft.status().orElse(status)),
        userId,
        draft.currency(),
        draft.items(),
        OrderDraft.total(draft.items()),
        draft.note(),
        createdAt,
        now,
        version + 1);
  }

  /**
   * Checks that the order may be deleted.
   *
   * @throws ApiException with {@link ApiError.Conflict} when the order must be kept
   */
  void requireDeletable() {
    if (status.hasShipped()) {
      throw conflict(
          "order-underway", "An order with status " + status.apiName() + " cannot be deleted.");
    }
  }

  private OrderStatus moveTo(OrderStatus next) {
    if (status.isClosed()) {
      throw conflict(
          "order-closed", "An order with status " + status.apiName() + " cannot be changed.");
    }
    if (next != status && !status.next().contains(next)) {
      throw conflict(
          "transition-not-allowed",
          "An order cannot move from status " + status.apiName() + " to " + next.apiName() + ".");
    }
    return next;
  }

  private static ApiException conflict(String type, String detail) {
    return new ApiException(new ApiError.Conflict(type, detail));
  }
}
