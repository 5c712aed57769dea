package dev.partywall.attack;

import com.fasterxml.jackson.databind.JsonNode;
import dev.partywall.http.Request;
import dev.partywall.http.Response;
import dev.partywall.http.Route;
import dev.partywall.storage.Condition;
import dev.partywall.storage.Index;
import dev.partywall.storage.Item;
import dev.partywall.storage.Key;
import dev.partywall.storage.LooseTable;
import dev.partywall.storage.Query;
import dev.partywall.storage.Write;
import dev.partywall.tenancy.Home;
import dev.partywall.tenancy.Placements;
import dev.partywall.tenancy.TenantId;
import java.util.List;
import java.util.Optional;

/**
 * Routes over a store whose first lock is gone: it looks wherever its caller says, by the very
 * clients that the service wired.
 */
record BuggyStore(LooseTable table, Placements placements) {
  static final String ROUTE = "/buggy";

  Route route() {
    return Route.of("POST", ROUTE, "orders:write", this::handle);
  }

  private Response handle(Request request) {
    var body = request.json();
    var home = placements.homeOf(new TenantId(body.path("of").asText()));
    return Response.json(200, "\"" + loot(home, body).replaceAll("[\"\\\\]", "'") + "\"");
  }

  private String loot(Home home, JsonNode body) {
    var key = new Key("order", body.path("id").asText("0"));
    return switch (body.path("act").asText()) {
      case "get" -> table.get(home, key);
      case "query" -> table.query(home, Query.all("order", 100));
      case "first" -> table.query(home, labelled(Index.FIRST, body));
      case "second" -> table.query(home, labelled(Index.SECOND, body));
      case "put" -> table.transact(home, List.of(put(key, body)));
      case "delete" -> table.transact(home, List.of(Write.delete(key, new Condition.None())));
      default -> throw new IllegalArgumentException("no such act");
    };
  }

  private static Query labelled(Index index, JsonNode body) {
    var label = body.path("label").asText("placed");
    return new Query("order", index, List.of(label), 100, Optional.empty());
  }

  private static Write put(Key key, JsonNode body) {
    return Write.put(Item.of(key, body.path("document").asText("")), new Condition.None());
  }
}
