package dev.partywall.metering;

import java.math.BigDecimal;
import java.util.List;

/**
 * What is metered. A measure is counted in whole steps, so that sums are exact however often they
 * are added up.
 */
enum Measure {
  REQUESTS(0, "requests", 0),
  BYTES_IN(1, "bytesIn", 0),
  BYTES_OUT(2, "bytesOut", 0),
  ORDERS_PLACED(3, "ordersPlaced", 0),
  READ_UNITS(4, "readUnits", 3),
  WRITE_UNITS(5, "writeUnits", 3),
  BUSY(6, "busyMs", 0);

  static final List<Measure> ALL = List.of(values());

  private final int place;
  private final String label;
  private final int decimals;

  Measure(int place, String label, int decimals) {
    this.place = place;
    this.label = label;
    this.decimals = decimals;
  }

  /** Where its amount stands among all; journals that were written before hold it there. */
  int place() {
    return place;
  }

  /** Its name on the outside and in the ledger. */
  String label() {
    return label;
  }

  /** How many steps make one of it. */
  long stepsPerUnit() {
    return decimals == 0 ? 1 : 1000;
  }

  /** Steps as a decimal number that is written without an exponent or needless zeros: 7.5, 600. */
  BigDecimal units(long steps) {
    var exact = BigDecimal.valueOf(steps, decimals).stripTrailingZeros();
    return exact.scale() < 0 ? exact.setScale(0) : exact;
  }

  /**
   * The steps of a number that {@link #units} made.
   *
   * @throws ArithmeticException when there is no such number of steps
   */
  long steps(BigDecimal units) {
    return units.movePointRight(decimals).longValueExact();
  }
}
