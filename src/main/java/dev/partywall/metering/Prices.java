package dev.partywall.metering;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A price list: what each measure costs the operator, and what it costs tenants by their tier.
 *
 * <pre>{@code
 * {"currency": "EUR",
 *  "cost": {"readUnits": {"micros": 283, "per": 1000}},
 *  "tiers": {"standard": {"requests": {"micros": 400000, "per": 1000000}, "ordersPlaced": 2000}}}
 * }</pre>
 *
 * <p>A price is in millionths of the currency's unit: for one of the measure, or for as many as
 * {@code per} says. What has no price is free; a tier that is not listed has no bill.
 */
public final class Prices {
  private final String currency;
  private final Optional<Map<Measure, Price>> cost;
  private final Map<String, Map<Measure, Price>> tiers;

  /** The list does not hold; one line a fault. */
  public static final class Invalid extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient List<String> faults;

    Invalid(List<String> faults) {
      super(String.join("\n", faults));
      this.faults = List.copyOf(faults);
    }

    /** What is wrong: one line a fault, each naming its place. */
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
   * Reads a list.
   *
   * @throws Invalid naming every fault, not just the first
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
        cost.map(it -> Charges.Lines.of(it, report.totals())),
        bill.map(it -> Charges.Lines.of(it, report.totals())));
  }
}
