package dev.partywall.metering.meter;

import java.math.BigDecimal;
import java.util.List;
import java.util.Set;

/**
 * A metered quantity: one of the kernel's own, or one that a capability declares. Amounts are
 * integer multiples of a step, so sums are exact. A step is one unit, or a thousandth of a capacity
 * unit.
 */
public sealed interface UsageMeter {
  /** Returns the name in the API and in price lists. */
  String label();

  /** Returns the attribute in the ledger, which is the name in journals as well. */
  String attribute();

  /** Returns the number of decimals of an amount in units. */
  int decimals();

  /** The meters that every service has. Requests add to them in memory. */
  enum KernelMeter implements UsageMeter {
    REQUESTS("requests", 0),
    BYTES_IN("bytesIn", 0),
    BYTES_OUT("bytesOut", 0),
    READ_UNITS("readUnits", 3),
    WRITE_UNITS("writeUnits", 3),
    BUSY("busyMs", 0);

    /** All meters, in the order of the constants. */
    static final List<KernelMeter> ALL = List.of(values());

    private final String label;
    private final int decimals;

    KernelMeter(String label, int decimals) {
      this.label = label;
      this.decimals = decimals;
    }

    @Override
    public String label() {
      return label;
    }

    @Override
    public String attribute() {
      return label;
    }

    @Override
    public int decimals() {
      return decimals;
    }
  }

  /**
   * A meter that a capability declares, a meter that another release has written to a journal, the
   * uses of a route or a feature, or the capacity that operations on the tenant consume.
   */
  record NamedMeter(String attribute, int decimals) implements UsageMeter {
    /** Separates declared names from the names of the kernel's attributes, now and later. */
    private static final String PREFIX = "m_";

    private static final String ROUTE_PREFIX = "r_";
    private static final String FEATURE_PREFIX = "f_";
    private static final String OPERATION_PREFIX = "o_";
    private static final Set<String> PREFIXES =
        Set.of(PREFIX, ROUTE_PREFIX, FEATURE_PREFIX, OPERATION_PREFIX);

    /** A declared meter that is older than the prefix. Ledgers contain it. */
    private static final String WITHOUT_PREFIX = "ordersPlaced";

    private static NamedMeter declared(String name) {
      return new NamedMeter(name.equals(WITHOUT_PREFIX) ? name : PREFIX + name, 0);
    }

    @Override
    public String label() {
      var length = PREFIX.length();
      return attribute.length() > length && PREFIXES.contains(attribute.substring(0, length))
          ? attribute.substring(length)
          : attribute;
    }

    /** Returns whether the meter counts the requests of a route. */
    public boolean isRoute() {
      return attribute.startsWith(ROUTE_PREFIX);
    }

    /** Returns whether the meter counts the uses of a feature. */
    public boolean isFeature() {
      return attribute.startsWith(FEATURE_PREFIX);
    }

    /** Returns whether the meter counts the capacity that operations consume. */
    boolean isOperation() {
      return attribute.startsWith(OPERATION_PREFIX);
    }
  }

  /** Returns the meter that a capability declares with this name. It counts whole writes. */
  static UsageMeter declared(String name) {
    return NamedMeter.declared(name);
  }

  /** Returns the meter of the requests of a route. It is part of no bill. */
  static NamedMeter route(String method, String template) {
    return new NamedMeter(NamedMeter.ROUTE_PREFIX + method + " " + template, 0);
  }

  /** Returns the meter of the uses of a feature. It is part of no bill. */
  static NamedMeter feature(String name) {
    return new NamedMeter(NamedMeter.FEATURE_PREFIX + name, 0);
  }

  /**
   * Returns the meter of the capacity units that operations on the tenant consume. It is part of
   * the operator's cost, and of no bill.
   */
  static NamedMeter operation(KernelMeter units) {
    return new NamedMeter(NamedMeter.OPERATION_PREFIX + units.attribute(), units.decimals());
  }

  /** Returns whether this meter counts uses of a route or a feature, which are part of no bill. */
  default boolean countsUses() {
    return this instanceof NamedMeter named && (named.isRoute() || named.isFeature());
  }

  /** Returns whether this meter counts the capacity of operations, which is part of no bill. */
  default boolean countsOperations() {
    return this instanceof NamedMeter named && named.isOperation();
  }

  /** Returns whether a bill can contain this meter. */
  default boolean isBillable() {
    return !countsUses() && !countsOperations();
  }

  /**
   * Returns the meter that a journal names. This release does not need to know the meter: its
   * amounts reach the ledger nevertheless.
   */
  static UsageMeter stored(String attribute, int decimals) {
    for (var meter : KernelMeter.ALL) {
      if (meter.attribute().equals(attribute) && meter.decimals() == decimals) {
        return meter;
      }
    }
    return new NamedMeter(attribute, decimals);
  }

  /** Converts steps to units, as a decimal without an exponent or trailing zeros: 7.5, 600. */
  default BigDecimal units(long steps) {
    var exact = BigDecimal.valueOf(steps, decimals()).stripTrailingZeros();
    return exact.scale() < 0 ? exact.setScale(0) : exact;
  }

  /**
   * Converts units, as returned by {@link #units}, to steps.
   *
   * @throws ArithmeticException if the number is not a multiple of a step
   */
  default long steps(BigDecimal units) {
    return units.movePointRight(decimals()).longValueExact();
  }
}
