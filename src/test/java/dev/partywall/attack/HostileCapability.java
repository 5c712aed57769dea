package dev.partywall.attack;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
import dev.partywall.http.Request;
import dev.partywall.http.Response;
import dev.partywall.http.Route;
import dev.partywall.storage.Index;
import dev.partywall.storage.Item;
import dev.partywall.storage.Key;
import dev.partywall.storage.Query;
import dev.partywall.storage.TenantTable;
import dev.partywall.storage.Write;
import dev.partywall.storage.WriteCondition;
import dev.partywall.tenancy.Tenant;
import dev.partywall.tenancy.TenantContext;
import dev.partywall.tenancy.TenantId;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.StreamSupport;

/**
 * A hostile business package. It uses every type that is available to business code, as its caller
 * requests.
 */
record HostileCapability(TenantTable table) {
  static final String ROUTE = "/hostile";

  Route route() {
    return Route.of("POST", ROUTE, "orders:write", this::handle);
  }

  /** Returns 409 if the kernel rejects the operation. */
  private Response handle(Request request) {
    var body = request.json();
    try {
      return Response.json(
          200, JsonNodeFactory.instance.objectNode().put("result", execute(body).toString()));
    } catch (IllegalArgumentException | IllegalStateException e) {
      throw new ApiException(
          new ApiError.Conflict("hostile", "The kernel rejected the operation."), e);
    }
  }

  private Object execute(JsonNode body) {
    return switch (body.path("action").asText()) {
      case "get" -> table.get(key(body));
      case "query" -> table.query(query(body));
      case "put" -> table.write(put(body));
      case "delete" -> table.write(Write.delete(key(body), new WriteCondition.None()));
      case "transact" ->
          table.transact(
              List.of(put(body), Write.delete(new Key("order", "1"), new WriteCondition.None())));
      case "thread" -> onAnotherThread(body);
      case "executor" -> onAnExecutor(body);
      case "rebind" -> asAnotherTenant(body);
      default -> throw new IllegalArgumentException("unknown action");
    };
  }

  /** Runs on a thread to which the tenant is not propagated. */
  private Object onAnExecutor(JsonNode body) {
    try {
      return CompletableFuture.supplyAsync(() -> table.get(key(body))).join();
    } catch (CompletionException e) {
      throw new IllegalStateException("the operation failed on the other thread", e);
    }
  }

  /** Uses a type that is forbidden in business code; a build rule detects the use. */
  private Object asAnotherTenant(JsonNode body) {
    var other = new Tenant(new TenantId(body.path("tenant").asText()), "free");
    return TenantContext.call(other, () -> table.query(query(body)));
  }

  private Object onAnotherThread(JsonNode body) {
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
      throw new IllegalStateException("the operation failed on the other thread", e);
    }
  }

  private static Key key(JsonNode body) {
    return new Key(body.path("collection").asText(), body.path("id").asText());
  }

  private static Write put(JsonNode body) {
    return Write.put(Item.of(key(body), body.path("document").asText()), new WriteCondition.None())
        .withIndexKeys(body.path("label").asText("l"), "m");
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
