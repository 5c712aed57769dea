package dev.partywall.orders;

import dev.partywall.http.Refusal;
import dev.partywall.http.Refused;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * An order, in one of its versions.
 *
 * @param userId who placed it
 * @param currency ISO 4217
 * @param total in the currency's minor unit, as the unit prices are
 * @param version 1 when it is placed, and one more with each change
 */
record Order(
    String id,
    OrderStatus status,
    String userId,
    String currency,
    List<Line> items,
    long total,
    Optional<String> note,
    Instant createdAt,
    Instant updatedAt,
    long version) {

  /** A new order. */
  static Order placed(String id, String user, Draft draft, Instant now) {
    return new Order(
        id,
        OrderStatus.PLACED,
        user,
        draft.currency(),
        draft.items(),
        Draft.total(draft.items()),
        draft.note(),
        now,
        now,
        1);
  }

  /**
   * This order, as it is after the change.
   *
   * @throws Refused as {@link Refusal.Conflict} when it is closed, or may not go there
   */
  Order replacedBy(Draft draft, Instant now) {
    return new Order(
        id,
        moveTo(draft.status().orElse(status)),
        userId,
        draft.currency(),
        draft.items(),
        Draft.total(draft.items()),
        draft.note(),
        createdAt,
        now,
        version + 1);
  }

  /**
   * Makes sure that it may be deleted.
   *
   * @throws Refused as {@link Refusal.Conflict} when it has to stay on record
   */
  void requireDeletable() {
    if (status.isUnderway()) {
      throw conflict("order-underway", "an order that is " + status.word() + " can't be deleted");
    }
  }

  private OrderStatus moveTo(OrderStatus next) {
    if (status.isClosed()) {
      throw conflict("order-closed", "an order that is " + status.word() + " can't be changed");
    }
    if (next != status && !status.next().contains(next)) {
      throw conflict(
          "transition-not-allowed",
          "an order that is " + status.word() + " can't become " + next.word());
    }
    return next;
  }

  private static Refused conflict(String type, String detail) {
    return new Refused(new Refusal.Conflict(type, detail));
  }
}
