package dev.partywall.tenancy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.partywall.error.Faults;
import dev.partywall.json.Json;
import dev.partywall.json.JsonChecks;
import dev.partywall.json.MalformedJsonException;
import dev.partywall.tenancy.Overrides.Limit;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Reads the tiers file of the operator, in JSON, which replaces the built-in tiers: {@code
 * {"free":{"weight":1,"requestsPerSecond":5,"burst":10},"gold":{"weight":8,"placement":
 * {"kind":"silo"},"features":{"order-notes":true}}}}. An omitted limit means no limit.
 */
public final class TiersFile {
  private static final String PLACEMENT = "placement";
  private static final String FEATURES = "features";
  private static final Set<String> FIELDS =
      Stream.concat(Arrays.stream(Limit.values()).map(Limit::label), Stream.of(PLACEMENT, FEATURES))
          .collect(Collectors.toUnmodifiableSet());

  private final Set<String> declaredFeatures;
  private final Faults faults;
  private final JsonChecks checks;

  private TiersFile(Set<String> declaredFeatures, Faults faults) {
    this.declaredFeatures = declaredFeatures;
    this.faults = faults;
    this.checks = new JsonChecks(faults);
  }

  /**
   * Reads the content of a file.
   *
   * @param declaredFeatures the names of the features that the file may set
   * @param faults receives every fault, with its position as a JSON pointer
   * @return the tiers; the built-in tiers if a fault was added
   */
  public static Tiers parse(byte[] content, Set<String> declaredFeatures, Faults faults) {
    var found = new Faults();
    var tiers = new TiersFile(declaredFeatures, found).read(content);
    found.list().forEach(fault -> faults.add(fault.pointer(), fault.detail()));
    return found.isEmpty() ? new Tiers(tiers) : Tiers.BUILT_IN;
  }

  private Map<String, Tier> read(byte[] content) {
    try {
      var file = Json.parse(content);
      return checks.object(file, "") ? tiers(file) : Map.of();
    } catch (MalformedJsonException e) {
      faults.add("", e.sentence("the file"));
      return Map.of();
    }
  }

  private Map<String, Tier> tiers(JsonNode file) {
    var tiers = new HashMap<String, Tier>();
    checks.missing(file.path(Tiers.DEFAULT_TIER), "/" + Tiers.DEFAULT_TIER);
    for (var property : file.properties()) {
      var pointer = JsonChecks.pointer("", property.getKey());
      if (!Tiers.isName(property.getKey())) {
        faults.add(
            pointer,
            "must be a name of 1 to 32 characters of a-z, 0-9 and -, and start with a letter");
      }
      if (checks.object(property.getValue(), pointer)) {
        tiers.put(property.getKey(), tier(property.getKey(), property.getValue(), pointer));
      }
    }
    return tiers;
  }

  private Tier tier(String name, JsonNode value, String pointer) {
    checks.known(value, pointer, FIELDS);
    return new Tier(
        name,
        limits(value, pointer),
        placement(value.path(PLACEMENT), pointer + "/" + PLACEMENT),
        checks.flags(value.path(FEATURES), pointer + "/" + FEATURES, declaredFeatures));
  }

  private Limits limits(JsonNode tier, String pointer) {
    var values = new EnumMap<Limit, Long>(Limit.class);
    for (var limit : Limit.values()) {
      var value = tier.path(limit.label());
      if (!value.isMissingNode()) {
        var position = pointer + "/" + limit.label();
        values.put(limit, checks.integer(value, position, 1, limit.max()));
      }
    }
    var complete =
        isComplete(values, Limit.REQUESTS_PER_SECOND, Limit.BURST, pointer)
            && isComplete(values, Limit.BURST, Limit.REQUESTS_PER_SECOND, pointer);
    return complete ? Limits.of(values) : Limits.NONE;
  }

  private boolean isComplete(Map<Limit, Long> values, Limit limit, Limit other, String pointer) {
    var complete = !values.containsKey(limit) || values.containsKey(other);
    if (!complete) {
      faults.add(pointer + "/" + other.label(), "is required together with " + limit.label());
    }
    return complete;
  }

  private Optional<Placement> placement(JsonNode value, String pointer) {
    return value.isMissingNode()
        ? Optional.empty()
        : new PlacementReader(faults).read(value, pointer);
  }
}
