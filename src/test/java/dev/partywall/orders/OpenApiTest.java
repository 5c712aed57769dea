package dev.partywall.orders;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import dev.partywall.http.Route;
import dev.partywall.local.LocalDynamo;
import dev.partywall.storage.PlacementKind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
class OpenApiTest {
  private static OrdersFixture orders;
  private static OpenApiValidation validation;

  @BeforeAll
  static void start(LocalDynamo dynamo) throws IOException {
    orders = new OrdersFixture(dynamo, PlacementKind.POOL);
    validation = orders.openApi;
  }

  @AfterAll
  static void stop() throws IOException {
    orders.close();
  }

  @Test
  void describesExactlyTheRoutesAndScopes() {
    var read = new Route.Access.Scope("orders:read");
    var write = new Route.Access.Scope("orders:write");
    assertEquals(
        Map.of(
            "GET /orders", read,
            "POST /orders", write,
            "GET /orders/{id}", read,
            "PUT /orders/{id}", write,
            "DELETE /orders/{id}", write,
            "GET /tenant", new Route.Access.Authenticated(),
            "GET /usage", new Route.Access.Scope("usage:read"),
            "GET /openapi.json", new Route.Access.Open()),
        operations(OpenApiTest::access));
  }

  private static <T> Map<String, T> operations(Function<JsonNode, T> content) {
    var operations = new TreeMap<String, T>();
    for (var path : validation.api().get("paths").properties()) {
      for (var operation : path.getValue().properties()) {
        if (!operation.getKey().equals("parameters")) {
          var name = operation.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey();
          operations.put(name, content.apply(operation.getValue()));
        }
      }
    }
    return operations;
  }

  private static Route.Access access(JsonNode operation) {
    var bearer = operation.get("security").at("/0/bearer");
    if (bearer.isMissingNode()) {
      return new Route.Access.Open();
    }
    return bearer.isEmpty()
        ? new Route.Access.Authenticated()
        : new Route.Access.Scope(bearer.path(0).asText());
  }

  @Test
  void describesEveryStatus() {
    assertEquals(
        Map.of(
            "GET /orders", "200 400 401 403 429 431 503",
            "POST /orders", "201 400 401 403 413 415 422 429 431 503",
            "GET /orders/{id}", "200 304 400 401 403 404 412 429 431 503",
            "PUT /orders/{id}", "200 400 401 403 404 409 412 413 415 422 428 429 431 503",
            "DELETE /orders/{id}", "204 400 401 403 404 409 412 429 431 503",
            "GET /tenant", "200 400 401 403 429 431 503",
            "GET /usage", "200 400 401 403 429 431 503",
            "GET /openapi.json", "200 400 431 503"),
        operations(operation ->
            String.join(
                " ", operation.get("responses").propertyStream().map(Map.Entry::getKey).toList())));
  }

  @Test
  void statesTitleAndMeters() {
    var api = validation.api();
    assertEquals("Partywall", api.at("/info/title").asText());
    assertEquals("Apache-2.0", api.at("/info/license/identifier").asText());
    assertEquals(
        "{\"type\":\"integer\",\"minimum\":0}",
        api.at("/components/schemas/Meters/properties/ordersPlaced").toString());
  }

  /** The fixture compares each request with the description. */
  @ParameterizedTest
  @CsvSource({
    "limit=1,           200",
    "limit=100,         200",
    "limit=0,           400",
    "limit=101,         400",
    "limit=1&limit=1,   400",
    "status=placed,     200",
    "status=returned,   400",
    "user=me,           200",
    "user=,             400",
    "sort=asc,          400",
    "Limit=1,           400",
  })
  void acceptsTheDescribedQueryParametersOnly(String query, int status) {
    assertEquals(status, orders.get("/orders?" + query).status());
  }

  @ParameterizedTest
  @CsvSource({
    "1000000, 1000000000,    201",
    "1000001, 1,             422",
    "1,       0,             201",
    "0,       0,             422",
    "9007,    1000000000000, 201",
    "1,       1000000000001, 422",
  })
  void acceptsTheDescribedAmountsOnly(long quantity, long unitPrice, int status) {
    var body =
        "{\"currency\":\"EUR\",\"items\":[{\"sku\":\"A\",\"name\":\"N\",\"quantity\":%d,\"unitPrice\":%d}]}"
            .formatted(quantity, unitPrice);
    assertEquals(status, orders.post(body).status());
  }

  @Test
  void reportsRequestsThatDifferFromTheDescription() {
    var requests = validation.requests();
    requests.check("GET", "/orders?limit=7&status=paid&user=a+b", null, 200, true);
    assertDiffers("GET", "/orders?limit=101", 200);
    assertDiffers("GET", "/orders?limit=x", 200);
    assertDiffers("GET", "/orders?limit=1&limit=1", 200);
    assertDiffers("GET", "/orders?sort=asc", 200);
    assertDiffers("GET", "/orders?limit=100", 400);
    var body = bytes("{\"currency\":\"EUR\",\"items\":[]}");
    assertThrows(AssertionError.class, () -> requests.check("POST", "/orders", body, 201, false));
  }

  private static void assertDiffers(String method, String target, int status) {
    assertThrows(
        AssertionError.class,
        () -> validation.requests().check(method, target, null, status, true));
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

  @Test
  void describesTheQuotasAndTheirViolation() {
    var fields =
        Map.of(
            "content-type",
            List.of("application/problem+json"),
            "ratelimit-policy",
            List.of(
                "\"burst\";q=20;w=2, \"month\";q=100000;w=2592000,"
                    + " \"in-flight\";q=5;qu=\"concurrent-requests\""),
            "ratelimit",
            List.of("\"burst\";r=0;t=1, \"month\";r=99;t=2591999"),
            "retry-after",
            List.of("1"));
    validation.check("GET", "/tenant", 429, fields, bytes(quota("[\"burst\"]")));
    assertUndescribed(fields, 429, quota("[]"));
    assertUndescribed(fields, 429, quota("[\"rate\"]"));
    assertUndescribed(with(fields, "ratelimit", "burst;r=0;t=1"), 429, quota("[\"burst\"]"));
    assertUndescribed(with(fields, "ratelimit-policy", "20;w=2"), 429, quota("[\"burst\"]"));
    assertUndescribed(with(fields, "retry-after", "0"), 429, quota("[\"burst\"]"));
  }

  private static String quota(String policies) {
    return """
    {"type":"https://iana.org/assignments/http-problem-types#quota-exceeded",
     "title":"Quota Exceeded","status":429,"detail":"The request exceeds a quota.",
     "instance":"/tenant","traceId":"0af7651916cd43dd8448eb211c80319c",
     "violated-policies":%s}
    """
        .formatted(policies);
  }

  private static Map<String, List<String>> with(
      Map<String, List<String>> fields, String name, String value) {
    var changed = new TreeMap<>(fields);
    changed.put(name, List.of(value));
    return changed;
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
