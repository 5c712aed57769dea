package dev.partywall.orders;

/**
 * So many of one thing.
 *
 * @param unitPrice in the currency's minor unit
 */
record Line(String sku, String name, long quantity, long unitPrice) {
  /** What a line may hold. Their product fits into a long. */
  static final long MOST = 1_000_000;

  static final long DEAREST = 1_000_000_000_000L;

  long price() {
    return Math.multiplyExact(quantity, unitPrice);
  }
}
