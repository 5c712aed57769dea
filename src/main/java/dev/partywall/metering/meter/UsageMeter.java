package dev.partywall.metering.meter;

import java.math.BigDecimal;
import java.util.List;

/**
 * A metered quantity. Amounts are integer multiples of a step, so sums are exact. A step is one
 * unit, or a thousandth of a capacity unit. Existing journals depend on the order of the constants.
 */
public enum UsageMeter {
  REQUESTS("requests", 0),
  BYTES_IN("bytesIn", 0),
  BYTES_OUT("bytesOut", 0),
  ORDERS_PLACED("ordersPlaced", 0),
  READ_UNITS("readUnits", 3),
  WRITE_UNITS("writeUnits", 3),
  BUSY("busyMs", 0);

  /** All meters, in the order of the constants. */
  public static final List<UsageMeter> ALL = List.of(values());

  private final String label;
  private final int decimals;

  UsageMeter(String label, int decimals) {
    this.label = label;
    this.decimals = decimals;
  }

  /** Returns the name in the API and in the ledger. */
  public String label() {
    return label;
  }

  /** Converts steps to units, as a decimal without an exponent or trailing zeros: 7.5, 600. */
  public BigDecimal units(long steps) {
    var exact = BigDecimal.valueOf(steps, decimals).stripTrailingZeros();
    return exact.scale() < 0 ? exact.setScale(0) : exact;
  }

  /**
   * Converts units, as returned by {@link #units}, to steps.
   *
   * @throws ArithmeticException if the number is not a multiple of a step
   */
  public long steps(BigDecimal units) {
    return units.movePointRight(decimals).longValueExact();
  }
}
