package dev.partywall.metering.billing;

import dev.partywall.metering.meter.UsageMeter;
import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * The price of an amount of a meter.
 *
 * @param micros the price in millionths of the currency unit
 * @param per the number of units of the meter
 */
record MeterPrice(long micros, long per) {
  /**
   * Returns the price of the amount, rounded half up. No intermediate result is rounded.
   *
   * @throws ArithmeticException on overflow
   */
  long charge(UsageMeter meter, long steps) {
    return BigDecimal.valueOf(micros)
        .multiply(meter.units(steps))
        .divide(BigDecimal.valueOf(per), 0, RoundingMode.HALF_UP)
        .longValueExact();
  }
}
