package dev.partywall.orders;

/**
 * A line of an order.
 *
 * @param unitPrice in the currency's minor unit
 */
record OrderLine(String sku, String name, long quantity, long unitPrice) {
  /** With {@link #MAX_UNIT_PRICE}, limits {@link #total} to 10^18, which fits into a long. */
  static final long MAX_QUANTITY = 1_000_000;

  /** In the currency's minor unit. */
  static final long MAX_UNIT_PRICE = 1_000_000_000_000L;

  /** Returns the price of the line: quantity times unit price. */
  long total() {
    return Math.multiplyExact(quantity, unitPrice);
  }
}
