package dev.partywall.tenancy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.partywall.error.Faults;
import dev.partywall.json.Json;
import dev.partywall.json.JsonChecks;
import dev.partywall.json.MalformedJsonException;
import java.util.HashMap;
import java.util.Map;

/**
 * Reads the placements file of the operator, in JSON: {@code {"globex":{"kind":"silo"},
 * "initech":{"kind":"pool","shards":4}}}.
 */
public final class PlacementsFile {
  private final Faults faults;
  private final JsonChecks checks;

  private PlacementsFile(Faults faults) {
    this.faults = faults;
    this.checks = new JsonChecks(faults);
  }

  /**
   * Reads the content of a file.
   *
   * @param faults receives every fault, with its position as a JSON pointer
   * @return the valid placements
   */
  public static Map<TenantId, Placement> parse(byte[] content, Faults faults) {
    return new PlacementsFile(faults).read(content);
  }

  private Map<TenantId, Placement> read(byte[] content) {
    try {
      var file = Json.parse(content);
      return checks.object(file, "") ? placements(file) : Map.of();
    } catch (MalformedJsonException e) {
      faults.add("", e.sentence("the file"));
      return Map.of();
    }
  }

  private Map<TenantId, Placement> placements(JsonNode file) {
    var placements = new HashMap<TenantId, Placement>();
    for (var property : file.properties()) {
      var pointer = JsonChecks.pointer("", property.getKey());
      var tenant = TenantId.parse(property.getKey());
      if (tenant.isEmpty()) {
        faults.add(pointer, "not a tenant id");
      }
      var placement = new PlacementReader(faults).read(property.getValue(), pointer);
      tenant.ifPresent(id -> placement.ifPresent(value -> placements.put(id, value)));
    }
    return Map.copyOf(placements);
  }
}
