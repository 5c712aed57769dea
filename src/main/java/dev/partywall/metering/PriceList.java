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
public final class PriceList {
  private final String currency;
  private final Optional<Map<UsageMeter, MeterPrice>> cost;
  private final Map<String, Map<UsageMeter, MeterPrice>> tiers;

  /** Thrown if the price list is invalid. The message has one line per fault. */
  public static final class InvalidPriceListException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient List<String> faults;

    InvalidPriceListException(List<String> faults) {
      super(String.join("\n", faults));
      this.faults = List.copyOf(faults);
    }

    /** Returns the faults, one line each, starting with the location. */
    public List<String> faults() {
      return faults;
    }
  }

  PriceList(
      String currency,
      Optional<Map<UsageMeter, MeterPrice>> cost,
      Map<String, Map<UsageMeter, MeterPrice>> tiers) {
    this.currency = currency;
    this.cost = cost;
    this.tiers = tiers;
  }

  /**
   * Parses a price list.
   *
   * @throws InvalidPriceListException with all faults
   */
  public static PriceList parse(byte[] json) throws InvalidPriceListException {
    var reader = new PriceListReader();
    var prices = reader.read(json);
    if (!reader.faults().isEmpty()) {
      throw new InvalidPriceListException(reader.faults());
    }
    return prices;
  }

  Charges charge(UsageReport report) {
    var tier = report.tenant().tier();
    var bill = tier.flatMap(name -> Optional.ofNullable(tiers.get(name)));
    return new Charges(
        currency,
        tier,
        cost.map(list -> Charges.ChargeLines.of(list, report.totals())),
        bill.map(list -> Charges.ChargeLines.of(list, report.totals())));
  }
}
