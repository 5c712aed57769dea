package dev.partywall.metering.billing;

import com.fasterxml.jackson.databind.JsonNode;
import dev.partywall.error.Faults;
import dev.partywall.json.CurrencyCodes;
import dev.partywall.json.JsonChecks;
import dev.partywall.metering.billing.PriceList.PriceVersion;
import dev.partywall.metering.meter.ServiceMeters;
import dev.partywall.metering.meter.UsageMeter;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads the members of a price list and collects their faults. */
final class PriceListReader {
  private static final String VERSIONS = "versions";

  private final ServiceMeters meters;
  private final Faults faults;
  private final JsonChecks checks;
  private final Set<Instant> starts = new HashSet<>();

  PriceListReader(ServiceMeters meters, Faults faults) {
    this.meters = meters;
    this.faults = faults;
    this.checks = new JsonChecks(faults);
  }

  PriceList priceList(JsonNode list) {
    if (!checks.object(list, "")) {
      return new PriceList("", List.of());
    }
    var currency = currency(list.path("currency"));
    if (list.has(VERSIONS)) {
      checks.known(list, "", Set.of("currency", VERSIONS));
      return new PriceList(currency, versions(list.path(VERSIONS)));
    }
    checks.known(list, "", Set.of("currency", "cost", "tiers", VERSIONS));
    return new PriceList(currency, List.of(version(Instant.EPOCH, list, "")));
  }

  private String currency(JsonNode value) {
    var currency = value.asText("");
    if (!value.isTextual() || !CurrencyCodes.contains(currency)) {
      faults.add("/currency", "must be a three-letter currency code (ISO 4217)");
    }
    return currency;
  }

  private List<PriceVersion> versions(JsonNode array) {
    var versions = new ArrayList<PriceVersion>();
    if (!array.isArray() || array.isEmpty()) {
      faults.add("/versions", "must be an array of at least one version");
    }
    for (var i = 0; i < array.size(); i++) {
      var pointer = "/versions/" + i;
      var version = array.path(i);
      if (checks.object(version, pointer)) {
        checks.known(version, pointer, Set.of("from", "cost", "tiers"));
        versions.add(version(start(version.path("from"), pointer + "/from"), version, pointer));
      }
    }
    return versions;
  }

  private Instant start(JsonNode value, String pointer) {
    if (checks.missing(value, pointer)) {
      return Instant.EPOCH;
    }
    try {
      var start = Period.parseHour(value.isTextual() ? value.textValue() : "");
      if (!starts.add(start)) {
        faults.add(pointer, "must differ from the start of every other version");
      }
      return start;
    } catch (DateTimeException e) {
      faults.add(pointer, "must be " + Period.HOUR_RULE);
      return Instant.EPOCH;
    }
  }

  private PriceVersion version(Instant from, JsonNode object, String pointer) {
    var cost =
        object.has("cost")
            ? prices(object.path("cost"), pointer + "/cost")
            : new LinkedHashMap<UsageMeter, MeterPrice>();
    return new PriceVersion(from, tiers(object.path("tiers"), pointer + "/tiers"), cost);
  }

  private Map<String, SequencedMap<UsageMeter, MeterPrice>> tiers(JsonNode object, String parent) {
    var tiers = new HashMap<String, SequencedMap<UsageMeter, MeterPrice>>();
    if (!object.isMissingNode() && checks.object(object, parent)) {
      for (var tier : object.properties()) {
        var pointer = JsonChecks.pointer(parent, tier.getKey());
        tiers.put(tier.getKey(), prices(tier.getValue(), pointer));
      }
    }
    return tiers;
  }

  private SequencedMap<UsageMeter, MeterPrice> prices(JsonNode object, String pointer) {
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
