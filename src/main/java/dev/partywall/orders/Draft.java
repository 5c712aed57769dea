package dev.partywall.orders;

import java.util.List;
import java.util.Optional;

/**
 * What a caller says about an order; it holds by itself.
 *
 * @param status where the order shall go; where it says nothing, the order stays
 */
record Draft(
    String currency, List<Line> items, Optional<String> note, Optional<OrderStatus> status) {

  /** JSON numbers are exact up to here with every caller (RFC 8259, section 6). */
  static final long HIGHEST_TOTAL = (1L << 53) - 1;

  /** The sum of all lines. It can't overflow: it stops growing once it is too high. */
  static long total(List<Line> items) {
    long total = 0;
    for (var line : items) {
      if (total <= HIGHEST_TOTAL) {
        total += line.price();
      }
    }
    return total;
  }
}
