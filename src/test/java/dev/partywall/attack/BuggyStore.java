package dev.partywall.attack;

import com.fasterxml.jackson.databind.JsonNode;
import dev.partywall.http.Request;
import dev.partywall.http.Response;
import dev.partywall.http.Route;
import dev.partywall.storage.Index;
import dev.partywall.storage.Item;
import dev.partywall.storage.Key;
import dev.partywall.storage.Query;
import dev.partywall.storage.TestPlacements;
import dev.partywall.storage.UnboundTable;
import dev.partywall.storage.Write;
import dev.partywall.storage.WriteCondition;
import dev.partywall.tenancy.TenantId;
import dev.partywall.tenancy.TenantLocation;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A route to a store without isolation layer 1: it accesses the tenant that the caller names, with
 * the DynamoDB clients that the service wired.
 */
record BuggyStore(Supplier<UnboundTable> table, TestPlacements placements) {
  static final String ROUTE = "/buggy";

  Route route() {
    return Route.of("POST", ROUTE, "orders:write", this::handle);
  }

  private Response handle(Request request) {
    var body = request.json();
    var location = placements.locationOf(new TenantId(body.path("tenant").asText()));
    return Response.json(200, "\"" + execute(location, body).replaceAll("[\"\\\\]", "'") + "\"");
  }

  private String execute(TenantLocation location, JsonNode body) {
    var key = new Key("order", body.path("id").asText("0"));
    return switch (body.path("action").asText()) {
      case "get" -> table.get().get(location, key);
      case "query" -> table.get().query(location, Query.all("order", 100));
      case "first" -> table.get().query(location, indexQuery(Index.I1, body));
      case "second" -> table.get().query(location, indexQuery(Index.I2, body));
      case "put" -> table.get().transact(location, List.of(put(key, body)));
      case "delete" ->
          table.get().transact(location, List.of(Write.delete(key, new WriteCondition.None())));
      default -> throw new IllegalArgumentException("unknown action");
    };
  }

  private static Query indexQuery(Index index, JsonNode body) {
    var label = body.path("label").asText("placed");
    return new Query("order", index, List.of(label), 100, Optional.empty());
  }

  private static Write put(Key key, JsonNode body) {
    return Write.put(Item.of(key, body.path("document").asText("")), new WriteCondition.None());
  }
}
