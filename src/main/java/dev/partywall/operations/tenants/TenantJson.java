package dev.partywall.operations.tenants;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.partywall.json.Json;
import dev.partywall.operations.offboarding.Offboarding;
import dev.partywall.tenancy.OperationKind;
import dev.partywall.tenancy.Overrides;
import dev.partywall.tenancy.Overrides.Limit;
import dev.partywall.tenancy.Placement;
import dev.partywall.tenancy.TenantRecord;
import dev.partywall.tenancy.TenantStatus;
import dev.partywall.tenancy.registry.Operation;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/** Writes tenants as JSON. */
final class TenantJson {
  /** The value of an override that lifts a limit. */
  static final String UNLIMITED = "unlimited";

  private TenantJson() {}

  /** Returns the JSON representation with the running operation. */
  static ObjectNode write(TenantRecord tenant, Optional<Operation> operation) {
    var node = write(tenant);
    operation.ifPresent(running -> write(node.putObject("operation"), tenant, running));
    return node;
  }

  private static void write(ObjectNode node, TenantRecord tenant, Operation operation) {
    node.put("kind", operation.kind().label());
    node.put("state", operation.state());
    node.put("done", operation.progress().done());
    node.put("requestedBy", operation.requestedBy());
    node.put("startedAt", Json.time(operation.origin().startedAt()));
    if (operation.kind() == OperationKind.OFFBOARDING) {
      node.put("deleteAfter", Json.time(Offboarding.deleteAfter(operation)));
    }
    if (!operation.progress().waitingFor().isEmpty()) {
      operation.progress().waitingFor().forEach(node.putArray("waitingFor")::add);
    }
    operation
        .progress()
        .reason()
        .ifPresent(reason -> {
          if (tenant.status() != TenantStatus.FAILED) {
            node.put("degraded", true); // the operation is running, and a fault blocks it
          }
          node.put("reason", reason);
        });
  }

  /** Returns the JSON representation. Equal records have the same representation. */
  static ObjectNode write(TenantRecord tenant) {
    var node = JsonNodeFactory.instance.objectNode();
    node.put("id", tenant.id().value());
    node.put("name", tenant.name());
    node.put("tier", tenant.tier());
    node.put("status", tenant.status().label());
    write(node.putObject("placement"), tenant.placement());
    write(node.putObject("overrides"), tenant.overrides());
    tenant.issuers().stream().sorted().forEach(node.putArray("issuers")::add);
    node.put("createdAt", Json.time(tenant.createdAt()));
    node.put("updatedAt", Json.time(tenant.updatedAt()));
    node.put("version", tenant.version());
    node.put("incarnation", tenant.incarnation());
    return node;
  }

  private static void write(ObjectNode node, Placement placement) {
    switch (placement) {
      case Placement.Pool() -> node.put("kind", "pool");
      case Placement.ShardedPool(var shards) -> node.put("kind", "pool").put("shards", shards);
      case Placement.Silo() -> node.put("kind", "silo");
    }
  }

  private static void write(ObjectNode node, Overrides overrides) {
    for (var limit : Limit.values()) {
      if (overrides.limits().containsKey(limit)) {
        write(node, limit, overrides.limits().get(limit));
      }
    }
    if (!overrides.features().isEmpty()) {
      var features = node.putObject("features");
      new TreeMap<>(overrides.features()).forEach(features::put);
    }
  }

  private static void write(ObjectNode node, Limit limit, OptionalLong value) {
    if (value.isPresent()) {
      node.put(limit.label(), value.getAsLong());
    } else {
      node.put(limit.label(), UNLIMITED);
    }
  }
}
