package dev.partywall.tenancy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.partywall.error.Faults;
import dev.partywall.json.Json;
import dev.partywall.json.JsonChecks;
import dev.partywall.json.MalformedJsonException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

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
      var placement = placement(pointer, property.getValue());
      tenant.ifPresent(id -> placement.ifPresent(value -> placements.put(id, value)));
    }
    return Map.copyOf(placements);
  }

  private Optional<Placement> placement(String pointer, JsonNode value) {
    checks.known(value, pointer, Set.of("kind", "shards"));
    return switch (value.path("kind").asText()) {
      case "pool" -> pool(pointer, value.path("shards"));
      case "silo" -> silo(pointer, value.path("shards"));
      default -> fault(pointer + "/kind", "must be pool or silo");
    };
  }

  private Optional<Placement> silo(String pointer, JsonNode shards) {
    return shards.isMissingNode()
        ? Optional.of(new Placement.Silo())
        : fault(pointer + "/shards", "a silo has no shards");
  }

  /** One shard is the same as the pool without shards. */
  private Optional<Placement> pool(String pointer, JsonNode shards) {
    var max = Placement.ShardedPool.MAX_SHARDS;
    var count = shards.isMissingNode() ? 1 : checks.integer(shards, pointer + "/shards", 1, max);
    return Optional.of(count == 1 ? new Placement.Pool() : new Placement.ShardedPool((int) count));
  }

  private Optional<Placement> fault(String pointer, String rule) {
    faults.add(pointer, rule);
    return Optional.empty();
  }
}
