package dev.partywall.metering.meter;

import java.util.Arrays;
import java.util.function.ToLongFunction;

/** The amount of each meter, in steps. */
public final class Amounts {
  /** No usage. */
  public static final Amounts ZERO = new Amounts(new long[UsageMeter.ALL.size()]);

  private final long[] steps;

  private Amounts(long[] steps) {
    this.steps = steps;
  }

  /** Returns the amounts that the function gives for each meter, in steps. */
  public static Amounts of(ToLongFunction<UsageMeter> steps) {
    return new Amounts(UsageMeter.ALL.stream().mapToLong(steps).toArray());
  }

  /** Returns an amount of one meter, in steps, and zero of the others. */
  public static Amounts of(UsageMeter meter, long steps) {
    return of(candidate -> candidate == meter ? steps : 0);
  }

  /** Returns the amount of a meter, in steps. */
  @SuppressWarnings("EnumOrdinal") // the array is created from UsageMeter.ALL
  public long steps(UsageMeter meter) {
    return steps[meter.ordinal()];
  }

  /**
   * Returns the sum.
   *
   * @throws ArithmeticException on overflow: a failure is better than a wrong bill
   */
  public Amounts plus(Amounts other) {
    return of(meter -> Math.addExact(steps(meter), other.steps(meter)));
  }

  Amounts minus(Amounts other) {
    return of(meter -> steps(meter) - other.steps(meter));
  }

  /** Returns whether every amount is zero. */
  public boolean isEmpty() {
    return Arrays.stream(steps).allMatch(amount -> amount == 0);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Amounts amounts && Arrays.equals(steps, amounts.steps);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(steps);
  }

  @Override
  public String toString() {
    return Arrays.toString(steps);
  }
}
