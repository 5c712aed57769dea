package dev.partywall.attack;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.partywall.http.Refusal;
import dev.partywall.http.Refused;
import dev.partywall.http.Request;
import dev.partywall.http.Response;
import dev.partywall.http.Route;
import dev.partywall.storage.Condition;
import dev.partywall.storage.Index;
import dev.partywall.storage.Item;
import dev.partywall.storage.Key;
import dev.partywall.storage.Query;
import dev.partywall.storage.TenantTable;
import dev.partywall.storage.Write;
import dev.partywall.tenancy.Tenant;
import dev.partywall.tenancy.TenantContext;
import dev.partywall.tenancy.TenantId;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.StreamSupport;

/**
 * A business package that was written by a burglar. It has every type that business code may have,
 * and does with them whatever its caller says.
 */
record Burglar(TenantTable table) {
  static final String ROUTE = "/burglar";

  Route route() {
    return Route.of("POST", ROUTE, "orders:write", this::handle);
  }

  /** What the kernel does not let it do at all is 409 here. */
  private Response handle(Request request) {
    var body = request.json();
    try {
      return Response.json(
          200, JsonNodeFactory.instance.objectNode().put("loot", loot(body).toString()));
    } catch (IllegalArgumentException | IllegalStateException e) {
      throw new Refused(new Refusal.Conflict("burglar", "the kernel does not do that"), e);
    }
  }

  private Object loot(JsonNode body) {
    return switch (body.path("act").asText()) {
      case "get" -> table.get(key(body));
      case "query" -> table.query(query(body));
      case "put" -> table.write(put(body));
      case "delete" -> table.write(Write.delete(key(body), new Condition.None()));
      case "transact" ->
          table.transact(
              List.of(put(body), Write.delete(new Key("order", "1"), new Condition.None())));
      case "thread" -> inAThread(body);
      case "executor" -> inAnExecutor(body);
      case "rebind" -> asAnother(body);
      default -> throw new IllegalArgumentException("no such act");
    };
  }

  /** Nothing of the request's tenant goes there along with the work. */
  private Object inAnExecutor(JsonNode body) {
    try {
      return CompletableFuture.supplyAsync(() -> table.get(key(body))).join();
    } catch (CompletionException e) {
      throw new IllegalStateException("it failed there", e);
    }
  }

  /** What no business code may even know of: a rule of the build finds that. */
  private Object asAnother(JsonNode body) {
    var other = new Tenant(new TenantId(body.path("of").asText()), "free");
    return TenantContext.call(other, () -> table.query(query(body)));
  }

  private Object inAThread(JsonNode body) {
    var result = new CompletableFuture<Object>();
    Thread.startVirtualThread(() -> {
      try {
        result.complete(table.query(query(body)));
      } catch (IllegalStateException | IllegalArgumentException e) {
        result.completeExceptionally(e);
      }
    });
    try {
      return result.join();
    } catch (CompletionException e) {
      throw new IllegalStateException("it failed there", e);
    }
  }

  private static Key key(JsonNode body) {
    return new Key(body.path("collection").asText(), body.path("id").asText());
  }

  private static Write put(JsonNode body) {
    return Write.put(Item.of(key(body), body.path("document").asText()), new Condition.None())
        .labelled(body.path("label").asText("l"), "m");
  }

  private static Query query(JsonNode body) {
    return new Query(
        body.path("collection").asText(),
        Index.valueOf(body.path("index").asText("PRIMARY")),
        StreamSupport.stream(body.path("labels").spliterator(), false)
            .map(JsonNode::asText)
            .toList(),
        body.path("limit").asInt(100),
        Optional.ofNullable(body.path("after").textValue()));
  }
}
