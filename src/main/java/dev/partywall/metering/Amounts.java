package dev.partywall.metering;

import java.util.Arrays;
import java.util.function.ToLongFunction;

/** An amount of each measure, in its steps. */
final class Amounts {
  static final Amounts NONE = new Amounts(new long[Measure.ALL.size()]);

  private final long[] steps;

  private Amounts(long[] steps) {
    this.steps = steps;
  }

  static Amounts of(ToLongFunction<Measure> steps) {
    return new Amounts(Measure.ALL.stream().mapToLong(steps).toArray());
  }

  static Amounts of(Measure measure, long steps) {
    return of(each -> each == measure ? steps : 0);
  }

  long steps(Measure measure) {
    return steps[measure.place()];
  }

  /**
   * The sum of both.
   *
   * @throws ArithmeticException when it does not fit: a wrong bill is worse than none
   */
  Amounts plus(Amounts other) {
    return of(each -> Math.addExact(steps(each), other.steps(each)));
  }

  Amounts minus(Amounts other) {
    return of(each -> steps(each) - other.steps(each));
  }

  boolean isNothing() {
    return Arrays.stream(steps).allMatch(each -> each == 0);
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
