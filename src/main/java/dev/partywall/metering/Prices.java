package dev.partywall.metering;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A price list: the price of each measure for the operator, and for tenants by tier.
 *
 * <pre>{@code
 * {"currency": "EUR",
 * "cost": {"readUnits": {"micros": 283, "per": 1000}},
 * "tiers": {"standard": {"requests": {"micros": 400000, "per": 1000000}, "ordersPlaced": 2000}}}
 * }</pre>
 *
 * <p>A price is in millionths of the currency unit, for one unit of the measure or for the number
 * of units in {@code per}. A measure without a price is free; a tier that is not listed has no
 * bill.
 */
public final class Prices {
  private final String currency;
  private final Optional<Map<Measure, Price>> cost;
  private final Map<String, Map<Measure, Price>> tiers;

  /** Thrown if the price list is invalid. The message has one line per fault. */
  public static final class Invalid extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient List<String> faults;

    Invalid(List<String> faults) {
      super(String.join("\n", faults));
      this.faults = List.copyOf(faults);
    }

    /** Returns the faults, one line each, starting with the location. */
    public List<String> faults() {
      return faults;
    }
  }

  Prices(
      String currency, Optional<Map<Measure, Price>> cost, Map<String, Map<Measure, Price>> tiers) {
    this.currency = currency;
    this.cost = cost;
    this.tiers = tiers;
  }

  /**
   * Parses a price list.
   *
   * @throws Invalid with all faults
   */
  public static Prices parse(byte[] json) throws Invalid {
    var reader = new PriceReader();
    var prices = reader.read(json);
    if (!reader.faults().isEmpty()) {
      throw new Invalid(reader.faults());
    }
    return prices;
  }

  Charges charge(UsageReport report) {
    var tier = report.tenant().tier();
    var bill = Optional.ofNullable(tiers.get(tier));
    return new Charges(
        currency,
        tier,
        cost.map(list -> Charges.Lines.of(list, report.totals())),
        bill.map(list -> Charges.Lines.of(list, report.totals())));
  }
}
