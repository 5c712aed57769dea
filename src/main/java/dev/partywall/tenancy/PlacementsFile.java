package dev.partywall.tenancy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.partywall.json.Json;
import dev.partywall.json.MalformedJsonException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Reads the placements file of the operator, in JSON: {@code {"globex":{"kind":"silo"},
 * "initech":{"kind":"pool","shards":4}}}.
 */
public final class PlacementsFile {
  private final Consumer<String> faults;

  private PlacementsFile(Consumer<String> faults) {
    this.faults = faults;
  }

  /**
   * Reads the content of a file.
   *
   * @param faults receives every fault, with its position as a JSON pointer
   * @return the valid placements
   */
  public static Map<TenantId, Placement> parse(byte[] content, Consumer<String> faults) {
    return new PlacementsFile(faults).read(content);
  }

  private Map<TenantId, Placement> read(byte[] content) {
    var placements = new HashMap<TenantId, Placement>();
    var file = json(content);
    if (file.isPresent() && !file.get().isObject()) {
      faults.accept("must be an object");
    }
    for (var property : file.map(JsonNode::properties).orElse(Set.of())) {
      var pointer = "/" + property.getKey().replace("~", "~0").replace("/", "~1");
      var tenant = TenantId.parse(property.getKey());
      if (tenant.isEmpty()) {
        faults.accept(pointer + ": not a tenant id");
      }
      var placement = placement(pointer, property.getValue());
      tenant.ifPresent(id -> placement.ifPresent(value -> placements.put(id, value)));
    }
    return Map.copyOf(placements);
  }

  private Optional<JsonNode> json(byte[] content) {
    try {
      return Optional.of(Json.parse(content));
    } catch (MalformedJsonException e) {
      faults.accept(e.sentence("the file"));
      return Optional.empty();
    }
  }

  private Optional<Placement> placement(String pointer, JsonNode value) {
    for (var property : value.properties()) {
      if (!Set.of("kind", "shards").contains(property.getKey())) {
        faults.accept(pointer + ": unknown field " + property.getKey());
      }
    }
    return switch (value.path("kind").asText()) {
      case "pool" -> pool(pointer, value.path("shards"));
      case "silo" -> silo(pointer, value.path("shards"));
      default -> fault(pointer + "/kind: must be pool or silo");
    };
  }

  private Optional<Placement> silo(String pointer, JsonNode shards) {
    return shards.isMissingNode()
        ? Optional.of(new Placement.Silo())
        : fault(pointer + "/shards: a silo has no shards");
  }

  /** One shard is the same as the pool without shards. */
  private Optional<Placement> pool(String pointer, JsonNode shards) {
    var count = shards.isMissingNode() ? 1 : shards.isInt() ? shards.intValue() : 0;
    if (count < 1 || count > Placement.ShardedPool.MAX_SHARDS) {
      var max = Placement.ShardedPool.MAX_SHARDS;
      return fault(pointer + "/shards: must be an integer from 1 to " + max);
    }
    return Optional.of(count == 1 ? new Placement.Pool() : new Placement.ShardedPool(count));
  }

  private Optional<Placement> fault(String fault) {
    faults.accept(fault);
    return Optional.empty();
  }
}
