package dev.partywall.metering;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.partywall.json.Json;
import dev.partywall.json.MalformedJsonException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Parses a price list and collects all faults. */
final class PriceListReader {
  private final List<String> faults = new ArrayList<>();

  List<String> faults() {
    return List.copyOf(faults);
  }

  PriceList read(byte[] json) {
    var list = parse(json);
    if (!isObject("", list)) {
      return new PriceList("", Optional.empty(), Map.of());
    }
    requireKnown("", list, Set.of("currency", "cost", "tiers"));
    var tiers = new HashMap<String, Map<UsageMeter, MeterPrice>>();
    if (list.has("tiers") && isObject("/tiers", list.path("tiers"))) {
      list.path("tiers").properties().forEach(entry -> tiers.put(entry.getKey(), tier(entry)));
    }
    var cost = list.has("cost") ? Optional.of(list.path("cost")) : Optional.<JsonNode>empty();
    return new PriceList(
        currency(list), cost.map(node -> prices("/cost", node)), Map.copyOf(tiers));
  }

  private JsonNode parse(byte[] json) {
    try {
      return Json.parse(json);
    } catch (MalformedJsonException e) {
      faults.add(e.sentence("the price list"));
      return MissingNode.getInstance();
    }
  }

  private String currency(JsonNode list) {
    var currency = list.path("currency").asText("");
    if (!currency.matches("[A-Z]{3}")) {
      faults.add("/currency must be a three-letter currency code (ISO 4217)");
    }
    return currency;
  }

  private Map<UsageMeter, MeterPrice> tier(Map.Entry<String, JsonNode> tier) {
    return prices("/tiers/" + tier.getKey(), tier.getValue());
  }

  private Map<UsageMeter, MeterPrice> prices(String location, JsonNode node) {
    var prices = new EnumMap<UsageMeter, MeterPrice>(UsageMeter.class);
    if (isObject(location, node)) {
      requireKnown(
          location,
          node,
          UsageMeter.ALL.stream().map(UsageMeter::label).collect(Collectors.toSet()));
      UsageMeter.ALL.stream()
          .filter(measure -> node.has(measure.label()))
          .forEach(measure ->
              prices.put(
                  measure, price(location + "/" + measure.label(), node.path(measure.label()))));
    }
    return prices;
  }

  private MeterPrice price(String location, JsonNode node) {
    if (!node.isObject()) {
      return new MeterPrice(number(location, node, 0), 1);
    }
    requireKnown(location, node, Set.of("micros", "per"));
    var per = node.has("per") ? number(location + "/per", node.path("per"), 1) : 1;
    return new MeterPrice(number(location + "/micros", node.path("micros"), 0), per);
  }

  private long number(String location, JsonNode node, long min) {
    if (node.isIntegralNumber() && node.canConvertToLong() && node.longValue() >= min) {
      return node.longValue();
    }
    faults.add(location + " must be an integer of at least " + min);
    return 1;
  }

  private boolean isObject(String location, JsonNode node) {
    if (!node.isObject() && !node.isMissingNode()) {
      faults.add((location.isEmpty() ? "the price list" : location) + " must be a JSON object");
    }
    return node.isObject();
  }

  private void requireKnown(String location, JsonNode node, Set<String> names) {
    node.properties().stream()
        .map(Map.Entry::getKey)
        .filter(name -> !names.contains(name))
        .forEach(name -> faults.add(location + "/" + name + " is unknown" + expected(names)));
  }

  private static String expected(Set<String> names) {
    return "; expected one of " + String.join(", ", names.stream().sorted().toList());
  }
}
