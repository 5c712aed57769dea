package dev.partywall.orders;

import java.util.List;
import java.util.Optional;

/**
 * The validated content of a request body for an order.
 *
 * @param status the requested status; if empty, the status does not change
 */
record OrderDraft(
    String currency, List<OrderLine> items, Optional<String> note, Optional<OrderStatus> status) {

  /** JSON integers are interoperable up to this value (RFC 8259, section 6). */
  static final long MAX_TOTAL = (1L << 53) - 1;

  /** Returns whether the order has a note; an empty one counts as none. */
  boolean hasNote() {
    return note.filter(text -> !text.isEmpty()).isPresent();
  }

  /** Returns the sum of all lines. Cannot overflow: adding stops above the maximum. */
  static long total(List<OrderLine> items) {
    long total = 0;
    for (var line : items) {
      if (total <= MAX_TOTAL) {
        total += line.total();
      }
    }
    return total;
  }
}
