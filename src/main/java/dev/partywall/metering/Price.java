package dev.partywall.metering;

import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * What so many of a measure cost.
 *
 * @param micros millionths of the currency's unit
 * @param per units of the measure
 */
record Price(long micros, long per) {
  /**
   * The price of that amount, rounded once and half up. No step on the way is rounded.
   *
   * @throws ArithmeticException when it does not fit
   */
  long of(Measure measure, long steps) {
    return BigDecimal.valueOf(micros)
        .multiply(measure.units(steps))
        .divide(BigDecimal.valueOf(per), 0, RoundingMode.HALF_UP)
        .longValueExact();
  }
}
