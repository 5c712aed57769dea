package dev.partywall.metering.meter;

import dev.partywall.metering.meter.UsageMeter.KernelMeter;
import dev.partywall.metering.meter.UsageMeter.NamedMeter;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.function.LongBinaryOperator;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/** The amount of each meter, in steps. A meter without an amount has zero. */
public final class Amounts {
  /** No usage. */
  public static final Amounts ZERO = new Amounts(new long[KernelMeter.ALL.size()], Map.of());

  // An array, because each flush creates the amounts of every tenant's counter.
  private final long[] kernel;

  /** The amounts of the other meters, without zeros. */
  private final Map<NamedMeter, Long> named;

  private Amounts(long[] kernel, Map<NamedMeter, Long> named) {
    this.kernel = kernel;
    this.named = named;
  }

  /** Returns the amounts that the function gives for each of the kernel's meters, in steps. */
  public static Amounts ofKernel(ToLongFunction<KernelMeter> steps) {
    return new Amounts(kernelSteps(steps), Map.of());
  }

  /** Returns these amounts, in steps. */
  public static Amounts of(Map<UsageMeter, Long> steps) {
    var named = new HashMap<NamedMeter, Long>();
    steps.forEach((meter, amount) -> {
      if (meter instanceof NamedMeter other) {
        named.put(other, amount);
      }
    });
    return new Amounts(kernelSteps(meter -> steps.getOrDefault(meter, 0L)), withoutZeros(named));
  }

  /** Returns an amount of one meter, in steps, and zero of the others. */
  public static Amounts of(UsageMeter meter, long steps) {
    return of(Map.of(meter, steps));
  }

  /** Returns the amounts that a bill can contain. */
  public Amounts billable() {
    var billable = new HashMap<>(named);
    billable.keySet().removeIf(meter -> !meter.isBillable());
    return new Amounts(kernel, Map.copyOf(billable));
  }

  /** Returns whether a bill can contain one of the amounts. */
  public boolean isBillable() {
    return Arrays.stream(kernel).anyMatch(amount -> amount != 0)
        || named.keySet().stream().anyMatch(UsageMeter::isBillable);
  }

  /** Returns the amount of a meter, in steps. */
  @SuppressWarnings("EnumOrdinal") // the array is created from KernelMeter.ALL
  public long steps(UsageMeter meter) {
    return switch (meter) {
      case KernelMeter own -> kernel[own.ordinal()];
      case NamedMeter other -> named.getOrDefault(other, 0L);
    };
  }

  /** Returns the meters whose amounts are not zero. */
  public List<UsageMeter> meters() {
    return Stream.concat(KernelMeter.ALL.stream(), named.keySet().stream())
        .filter(meter -> steps(meter) != 0)
        .toList();
  }

  /**
   * Returns the sum.
   *
   * @throws ArithmeticException on overflow: a failure is better than a wrong bill
   */
  public Amounts plus(Amounts other) {
    return combined(other, Math::addExact);
  }

  /** Returns the difference. */
  public Amounts minus(Amounts other) {
    return combined(other, (amount, subtrahend) -> amount - subtrahend);
  }

  /** Returns whether every amount is zero. */
  public boolean isEmpty() {
    return named.isEmpty() && Arrays.stream(kernel).allMatch(amount -> amount == 0);
  }

  private Amounts combined(Amounts other, LongBinaryOperator operator) {
    var meters = new HashSet<>(named.keySet());
    meters.addAll(other.named.keySet());
    var results = new HashMap<NamedMeter, Long>();
    meters.forEach(
        meter -> results.put(meter, operator.applyAsLong(steps(meter), other.steps(meter))));
    return new Amounts(
        kernelSteps(meter -> operator.applyAsLong(steps(meter), other.steps(meter))),
        withoutZeros(results));
  }

  private static long[] kernelSteps(ToLongFunction<KernelMeter> steps) {
    return KernelMeter.ALL.stream().mapToLong(steps).toArray();
  }

  private static Map<NamedMeter, Long> withoutZeros(Map<NamedMeter, Long> steps) {
    steps.values().removeIf(amount -> amount == 0);
    return Map.copyOf(steps);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Amounts amounts
        && Arrays.equals(kernel, amounts.kernel)
        && named.equals(amounts.named);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(kernel) + named.hashCode();
  }

  @Override
  public String toString() {
    return Arrays.toString(kernel) + named;
  }
}
