package dev.partywall.metering;

import java.math.BigDecimal;
import java.util.List;

/** A metered quantity. Amounts are integer multiples of a step, so sums are exact. */
enum UsageMeter {
  REQUESTS(0, "requests", 0),
  BYTES_IN(1, "bytesIn", 0),
  BYTES_OUT(2, "bytesOut", 0),
  ORDERS_PLACED(3, "ordersPlaced", 0),
  READ_UNITS(4, "readUnits", 3),
  WRITE_UNITS(5, "writeUnits", 3),
  BUSY(6, "busyMs", 0);

  static final List<UsageMeter> ALL = List.of(values());

  private final int index;
  private final String label;
  private final int decimals;

  UsageMeter(int index, String label, int decimals) {
    this.index = index;
    this.label = label;
    this.decimals = decimals;
  }

  /** Returns the index of this measure in an array of amounts. Existing journals depend on it. */
  int index() {
    return index;
  }

  /** Returns the name in the API and in the ledger. */
  String label() {
    return label;
  }

  /** Returns the number of steps in one unit. */
  long stepsPerUnit() {
    return decimals == 0 ? 1 : 1000;
  }

  /** Converts steps to units, as a decimal without an exponent or trailing zeros: 7.5, 600. */
  BigDecimal units(long steps) {
    var exact = BigDecimal.valueOf(steps, decimals).stripTrailingZeros();
    return exact.scale() < 0 ? exact.setScale(0) : exact;
  }

  /**
   * Converts units, as returned by {@link #units}, to steps.
   *
   * @throws ArithmeticException if the number is not a multiple of a step
   */
  long steps(BigDecimal units) {
    return units.movePointRight(decimals).longValueExact();
  }
}
