package dev.partywall.tenancy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.partywall.error.Faults;
import dev.partywall.json.JsonChecks;
import java.util.Optional;
import java.util.Set;

/** Reads a placement in JSON: {@code {"kind":"pool","shards":4}} or {@code {"kind":"silo"}}. */
public final class PlacementReader {
  /** The members of a placement. */
  public static final Set<String> MEMBERS = Set.of("kind", "shards");

  private final Faults faults;
  private final JsonChecks checks;

  /**
   * Creates a reader.
   *
   * @param faults receives every fault, with its position as a JSON pointer
   */
  public PlacementReader(Faults faults) {
    this.faults = faults;
    this.checks = new JsonChecks(faults);
  }

  /** Returns the placement; empty if a fault was added. */
  public Optional<Placement> read(JsonNode value, String pointer) {
    checks.known(value, pointer, MEMBERS);
    return switch (value.path("kind").asText()) {
      case "pool" -> pool(pointer, value.path("shards"));
      case "silo" -> silo(pointer, value.path("shards"));
      default -> fault(pointer + "/kind", "must be pool or silo");
    };
  }

  private Optional<Placement> silo(String pointer, JsonNode shards) {
    return shards.isMissingNode()
        ? Optional.of(new Placement.Silo())
        : fault(pointer + "/shards", "is permitted only for the kind pool");
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
