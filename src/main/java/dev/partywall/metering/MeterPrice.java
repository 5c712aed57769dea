package dev.partywall.metering;

import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * The price of an amount of a measure.
 *
 * @param micros the price in millionths of the currency unit
 * @param per the number of units of the measure
 */
record MeterPrice(long micros, long per) {
  /**
   * Returns the price of the amount, rounded half up. No intermediate result is rounded.
   *
   * @throws ArithmeticException on overflow
   */
  long charge(UsageMeter measure, long steps) {
    return BigDecimal.valueOf(micros)
        .multiply(measure.units(steps))
        .divide(BigDecimal.valueOf(per), 0, RoundingMode.HALF_UP)
        .longValueExact();
  }
}
