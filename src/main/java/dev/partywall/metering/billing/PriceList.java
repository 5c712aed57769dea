package dev.partywall.metering.billing;

import com.fasterxml.jackson.databind.JsonNode;
import dev.partywall.error.Faults;
import dev.partywall.json.Json;
import dev.partywall.json.JsonChecks;
import dev.partywall.json.MalformedJsonException;
import dev.partywall.metering.meter.Amounts;
import dev.partywall.metering.meter.ServiceMeters;
import dev.partywall.metering.meter.UsageMeter;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A price list: the price of each meter for the operator, and for tenants by tier.
 *
 * <pre>{@code
 * {"currency": "EUR",
 * "cost": {"readUnits": {"micros": 283, "per": 1000}},
 * "tiers": {"standard": {"requests": {"micros": 400000, "per": 1000000}, "notesCreated": 2000}}}
 * }</pre>
 *
 * <p>A price is in millionths of the currency unit, for one unit of the meter or for the number of
 * units in {@code per}. A meter without a price is free; a tier that is not listed has no bill.
 */
public final class PriceList {
  private final String currency;
  private final Optional<Map<UsageMeter, MeterPrice>> cost;
  private final Map<String, Map<UsageMeter, MeterPrice>> tiers;

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

  private PriceList(
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
   * @param meters the meters that may have a price
   * @param faults receives every fault, with its position as a JSON pointer
   * @return the price list; incomplete if a fault was added
   */
  public static PriceList parse(byte[] json, ServiceMeters meters, Faults faults) {
    try {
      return new Parser(meters, faults).priceList(Json.parse(json));
    } catch (MalformedJsonException e) {
      faults.add("", String.valueOf(e.getMessage()));
      return new PriceList("", Optional.empty(), Map.of());
    }
  }

  /** Returns the charges for the usage of a tenant; without a tier, the bill is absent. */
  Charges charge(Optional<String> tier, Amounts amounts) {
    return new Charges(
        currency,
        tier,
        cost.map(prices -> charge(prices, amounts)),
        tier.flatMap(name -> Optional.ofNullable(tiers.get(name)))
            .map(prices -> charge(prices, amounts)));
  }

  private static Charges.ChargeLines charge(Map<UsageMeter, MeterPrice> prices, Amounts amounts) {
    var lines = new LinkedHashMap<UsageMeter, Long>();
    prices.forEach((meter, price) -> lines.put(meter, price.charge(meter, amounts.steps(meter))));
    return new Charges.ChargeLines(lines);
  }

  /** Reads the members of a price list and collects their faults. */
  private static final class Parser {
    private final ServiceMeters meters;
    private final Faults faults;
    private final JsonChecks checks;

    Parser(ServiceMeters meters, Faults faults) {
      this.meters = meters;
      this.faults = faults;
      this.checks = new JsonChecks(faults);
    }

    PriceList priceList(JsonNode list) {
      if (!checks.object(list, "")) {
        return new PriceList("", Optional.empty(), Map.of());
      }
      checks.known(list, "", Set.of("currency", "cost", "tiers"));
      var cost =
          list.has("cost")
              ? Optional.of(prices(list.path("cost"), "/cost"))
              : Optional.<Map<UsageMeter, MeterPrice>>empty();
      return new PriceList(currency(list.path("currency")), cost, tiers(list.path("tiers")));
    }

    private String currency(JsonNode value) {
      var currency = value.asText("");
      if (!currency.matches("[A-Z]{3}")) {
        faults.add("/currency", "must be a three-letter currency code (ISO 4217)");
      }
      return currency;
    }

    private Map<String, Map<UsageMeter, MeterPrice>> tiers(JsonNode object) {
      var tiers = new HashMap<String, Map<UsageMeter, MeterPrice>>();
      if (!object.isMissingNode() && checks.object(object, "/tiers")) {
        for (var tier : object.properties()) {
          var pointer = JsonChecks.pointer("/tiers", tier.getKey());
          tiers.put(tier.getKey(), prices(tier.getValue(), pointer));
        }
      }
      return tiers;
    }

    private Map<UsageMeter, MeterPrice> prices(JsonNode object, String pointer) {
      var prices = new LinkedHashMap<UsageMeter, MeterPrice>();
      if (checks.object(object, pointer)) {
        checks.known(object, pointer, names());
        meters.all().stream()
            .filter(meter -> object.has(meter.label()))
            .forEach(meter -> prices.put(meter, price(object, pointer, meter.label())));
      }
      return prices;
    }

    private Set<String> names() {
      return meters.all().stream().map(UsageMeter::label).collect(Collectors.toSet());
    }

    private MeterPrice price(JsonNode prices, String parent, String name) {
      var price = prices.path(name);
      var pointer = JsonChecks.pointer(parent, name);
      if (!price.isObject()) {
        return new MeterPrice(atLeast(0, price, pointer), 1);
      }
      checks.known(price, pointer, Set.of("micros", "per"));
      var per = price.has("per") ? atLeast(1, price.path("per"), pointer + "/per") : 1;
      return new MeterPrice(atLeast(0, price.path("micros"), pointer + "/micros"), per);
    }

    private long atLeast(long min, JsonNode value, String pointer) {
      return checks.integer(value, pointer, min, Long.MAX_VALUE);
    }
  }
}
