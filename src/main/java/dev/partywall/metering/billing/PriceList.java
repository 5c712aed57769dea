package dev.partywall.metering.billing;

import dev.partywall.error.Faults;
import dev.partywall.json.Json;
import dev.partywall.json.MalformedJsonException;
import dev.partywall.metering.meter.Amounts;
import dev.partywall.metering.meter.OperationMeter;
import dev.partywall.metering.meter.ServiceMeters;
import dev.partywall.metering.meter.Usage;
import dev.partywall.metering.meter.UsageMeter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeMap;

/**
 * A price list: the prices that each tier pays, in versions. A version applies to the hours from
 * its start until the start of the next one, so a new version does not change the bills of the
 * past.
 *
 * <pre>{@code
 * {"currency": "EUR",
 *  "versions": [
 *   {"from": "2026-01-01T00:00:00Z",
 *    "cost": {"readUnits": {"micros": 283, "per": 1000}},
 *    "tiers": {"standard": {"requests": {"micros": 400000, "per": 1000000}, "notesCreated": 2000}}}]}
 * }</pre>
 *
 * <p>A list without versions has {@code cost} and {@code tiers} itself: it is one version since
 * 1970. A price is in millionths of the currency unit, for one unit of the meter or for the number
 * of units in {@code per}. A meter without a price is free, and so is the usage of a tier that is
 * not listed and the usage before the first version.
 */
public final class PriceList {
  private final String currency;
  private final NavigableMap<Instant, PriceVersion> versions;

  /**
   * The prices from one time on.
   *
   * @param tiers the prices of each tier, in the order of reports
   * @param cost the prices that the operator pays, in the same order
   */
  record PriceVersion(
      Instant from,
      Map<String, SequencedMap<UsageMeter, MeterPrice>> tiers,
      SequencedMap<UsageMeter, MeterPrice> cost) {}

  /**
   * The usage under one version and one tier.
   *
   * @param assumed the part in hours whose tier the ledger does not contain
   */
  private record PricedUsage(Amounts amounts, Amounts assumed) {
    static PricedUsage of(Usage usage) {
      var amounts = usage.amounts();
      return new PricedUsage(amounts, usage.tier().isEmpty() ? amounts : Amounts.ZERO);
    }

    PricedUsage plus(PricedUsage other) {
      return new PricedUsage(amounts.plus(other.amounts), assumed.plus(other.assumed));
    }
  }

  /** Identifies the prices of an hour. */
  private record PriceKey(PriceVersion version, String tier) {
    static final Comparator<PriceKey> ORDER =
        Comparator.comparing((PriceKey key) -> key.version.from()).thenComparing(PriceKey::tier);
  }

  /** Creates a list of versions, each with a different start. */
  PriceList(String currency, List<PriceVersion> versions) {
    this.currency = currency;
    this.versions = new TreeMap<>();
    versions.forEach(version -> this.versions.put(version.from(), version));
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
      return new PriceListReader(meters, faults).priceList(Json.parse(json));
    } catch (MalformedJsonException e) {
      faults.add("", String.valueOf(e.getMessage()));
      return new PriceList("", List.of());
    }
  }

  /**
   * Returns the bill for hours of a tenant. Amounts are summed per version and tier before they are
   * priced, and each line is rounded once.
   *
   * @param assumedTier the tier of the hours whose tier the ledger does not contain
   * @throws ArithmeticException on overflow: a failure is better than a wrong bill
   */
  Charges charge(List<Usage> hours, String assumedTier) {
    var sums = new TreeMap<PriceKey, PricedUsage>(PriceKey.ORDER);
    for (var usage : hours) {
      version(usage)
          .filter(_ -> usage.amounts().isBillable())
          .ifPresent(version -> {
            var key = new PriceKey(version, usage.tier().orElse(assumedTier));
            sums.merge(key, PricedUsage.of(usage), PricedUsage::plus);
          });
    }
    var lines = new ArrayList<Charges.ChargeLine>();
    sums.forEach((key, usage) -> addLines(key, usage, lines));
    return new Charges(currency, lines);
  }

  /**
   * Returns the operator's cost of the hours of a tenant, with the cost of the operations. Amounts
   * are summed per version before they are priced, and each line is rounded once. No tenant may see
   * it.
   *
   * @throws ArithmeticException on overflow
   */
  Cost cost(List<Usage> hours) {
    var sums = new TreeMap<Instant, Amounts>();
    hours.forEach(usage ->
        version(usage)
            .ifPresent(version -> sums.merge(version.from(), usage.amounts(), Amounts::plus)));
    var lines = new ArrayList<Cost.CostLine>();
    sums.forEach((from, amounts) -> addCost(from, amounts, lines));
    return new Cost(currency, lines);
  }

  private void addCost(Instant from, Amounts amounts, List<Cost.CostLine> lines) {
    var prices = Objects.requireNonNull(versions.get(from)).cost();
    var all = new LinkedHashMap<>(prices);
    for (var units : OperationMeter.UNITS) {
      var price = prices.get(units);
      if (price != null) {
        all.put(UsageMeter.operation(units), price);
      }
    }
    all.forEach((meter, price) -> {
      var steps = amounts.steps(meter);
      if (steps != 0) {
        lines.add(new Cost.CostLine(from, meter, steps, price.charge(meter, steps)));
      }
    });
  }

  /** Returns the version that applies to an hour; empty before the first one. */
  private Optional<PriceVersion> version(Usage usage) {
    return Optional.ofNullable(versions.floorEntry(usage.hour())).map(Map.Entry::getValue);
  }

  /** Returns the names of the tiers in the version that applies at this time. */
  public Set<String> tiersAt(Instant time) {
    var version = versions.floorEntry(time);
    return version == null ? Set.of() : Set.copyOf(version.getValue().tiers().keySet());
  }

  private void addLines(PriceKey key, PricedUsage usage, List<Charges.ChargeLine> lines) {
    var prices = key.version().tiers().get(key.tier());
    if (prices != null) {
      prices.forEach((meter, price) -> {
        var steps = usage.amounts().steps(meter);
        if (steps != 0) {
          var micros = price.charge(meter, steps);
          var assumed = usage.assumed().steps(meter) != 0;
          lines.add(
              new Charges.ChargeLine(
                  key.tier(), key.version().from(), meter, steps, micros, assumed));
        }
      });
    }
  }
}
