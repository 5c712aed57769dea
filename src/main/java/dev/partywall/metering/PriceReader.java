package dev.partywall.metering;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.partywall.http.Json;
import dev.partywall.http.Refusal;
import dev.partywall.http.Refused;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads a price list and collects what is wrong with it, so that all can be told at once. */
final class PriceReader {
  private final List<String> faults = new ArrayList<>();

  List<String> faults() {
    return List.copyOf(faults);
  }

  Prices read(byte[] json) {
    var list = parse(json);
    if (!isObject("", list)) {
      return new Prices("", Optional.empty(), Map.of());
    }
    known("", list, Set.of("currency", "cost", "tiers"));
    var tiers = new HashMap<String, Map<Measure, Price>>();
    if (list.has("tiers") && isObject("/tiers", list.path("tiers"))) {
      list.path("tiers").properties().forEach(it -> tiers.put(it.getKey(), tier(it)));
    }
    var cost = list.has("cost") ? Optional.of(list.path("cost")) : Optional.<JsonNode>empty();
    return new Prices(currency(list), cost.map(it -> prices("/cost", it)), Map.copyOf(tiers));
  }

  private JsonNode parse(byte[] json) {
    try {
      return Json.parse(json);
    } catch (Refused e) {
      var detail = e.refusal() instanceof Refusal.Malformed(var words, _) ? words : "not JSON";
      faults.add(detail.replace("the body", "the price list"));
      return MissingNode.getInstance();
    }
  }

  private String currency(JsonNode list) {
    var currency = list.path("currency").asText("");
    if (!currency.matches("[A-Z]{3}")) {
      faults.add("/currency has to be a currency's three letters (ISO 4217)");
    }
    return currency;
  }

  private Map<Measure, Price> tier(Map.Entry<String, JsonNode> tier) {
    return prices("/tiers/" + tier.getKey(), tier.getValue());
  }

  private Map<Measure, Price> prices(String place, JsonNode node) {
    var prices = new EnumMap<Measure, Price>(Measure.class);
    if (isObject(place, node)) {
      known(place, node, Measure.ALL.stream().map(Measure::label).collect(Collectors.toSet()));
      Measure.ALL.stream()
          .filter(it -> node.has(it.label()))
          .forEach(it -> prices.put(it, price(place + "/" + it.label(), node.path(it.label()))));
    }
    return prices;
  }

  private Price price(String place, JsonNode node) {
    if (!node.isObject()) {
      return new Price(number(place, node, 0), 1);
    }
    known(place, node, Set.of("micros", "per"));
    var per = node.has("per") ? number(place + "/per", node.path("per"), 1) : 1;
    return new Price(number(place + "/micros", node.path("micros"), 0), per);
  }

  private long number(String place, JsonNode node, long least) {
    if (node.isIntegralNumber() && node.canConvertToLong() && node.longValue() >= least) {
      return node.longValue();
    }
    faults.add(place + " has to be a whole number, " + least + " or more");
    return 1;
  }

  private boolean isObject(String place, JsonNode node) {
    if (!node.isObject() && !node.isMissingNode()) {
      faults.add((place.isEmpty() ? "the price list" : place) + " has to be a JSON object");
    }
    return node.isObject();
  }

  private void known(String place, JsonNode node, Set<String> names) {
    node.properties().stream()
        .map(Map.Entry::getKey)
        .filter(name -> !names.contains(name))
        .forEach(name -> faults.add(place + "/" + name + " is not known" + instead(names)));
  }

  private static String instead(Set<String> names) {
    return ": it has to be one of " + String.join(", ", names.stream().sorted().toList());
  }
}
