package dev.partywall.orders;

/**
 * A line of an order.
 *
 * @param unitPrice in the currency's minor unit
 */
record OrderLine(String sku, String name, long quantity, long unitPrice) {
  /** The product of the two limits fits into a long. */
  static final long MAX_QUANTITY = 1_000_000;

  static final long MAX_UNIT_PRICE = 1_000_000_000_000L;

  long price() {
    return Math.multiplyExact(quantity, unitPrice);
  }
}
