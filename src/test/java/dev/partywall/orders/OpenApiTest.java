package dev.partywall.orders;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import dev.partywall.http.Route;
import dev.partywall.local.LocalDynamo;
import dev.partywall.runtime.Declarations;
import dev.partywall.runtime.OpenApi;
import dev.partywall.storage.PlacementKind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
class OpenApiTest {
  private final OpenApiValidation validation = new OpenApiValidation();

  @Test
  void servesTheDescriptionUnchanged(LocalDynamo dynamo) throws IOException {
    try (var orders = new OrdersFixture(dynamo, PlacementKind.POOL)) {
      assertEquals(validation.api(), orders.get("/openapi.json").json());
    }
  }

  @Test
  void describesExactlyTheRoutesAndScopes() {
    var orders =
        Declarations.of(
            List.of(OrderRoutes::of), Map.of(), InstantSource.system(), new SecureRandom());
    var routes = new ArrayList<>(orders.routes());
    routes.add(OpenApi.route());
    var expected = new TreeMap<String, Route.Access>();
    expected.put("GET /usage", new Route.Access.Scope("usage:read"));
    routes.forEach(route -> expected.put(route.method() + " " + route.template(), route.access()));
    assertEquals(expected, described());
  }

  private Map<String, Route.Access> described() {
    var described = new TreeMap<String, Route.Access>();
    for (var path : validation.api().get("paths").properties()) {
      for (var operation : path.getValue().properties()) {
        if (!operation.getKey().equals("parameters")) {
          var name = operation.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey();
          described.put(name, access(operation.getValue()));
        }
      }
    }
    return described;
  }

  private static Route.Access access(JsonNode operation) {
    var scope = operation.get("security").at("/0/bearer/0");
    return scope.isMissingNode() ? new Route.Access.Open() : new Route.Access.Scope(scope.asText());
  }

  @Test
  void resolvesAllReferences() {
    var references = validation.api().findValuesAsText("$ref");
    assertFalse(references.isEmpty());
    for (var reference : references) {
      assertFalse(validation.api().at(reference.substring(1)).isMissingNode(), reference);
    }
  }

  @Test
  void rejectsResponsesThatDifferFromTheDescription() {
    var json =
        Map.of(
            "content-type",
            List.of("application/json"),
            "cache-control",
            List.of("private, no-cache"));
    var page = "{\"orders\":[]}";
    validation.check("GET", "/orders", 200, json, bytes(page));
    assertUndescribed(json, 201, page);
    assertUndescribed(json, 200, "{}");
    assertUndescribed(json, 200, "{\"orders\":[],\"secret\":1}");
    assertUndescribed(json, 200, "not JSON");
    assertUndescribed(Map.of("content-type", List.of("text/html")), 200, page);
    assertUndescribed(Map.of("content-type", json.get("content-type")), 200, page);
    assertUndescribed(json, 404, "{}");
  }

  private void assertUndescribed(Map<String, List<String>> headers, int status, String body) {
    assertThrows(
        AssertionError.class,
        () -> validation.check("GET", "/orders", status, headers, bytes(body)));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
