package dev.partywall.runtime;

import static dev.partywall.concurrent.Conditions.await;
import static dev.partywall.runtime.ServicesWithOperators.send;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.partywall.http.server.RawClient;
import dev.partywall.http.server.RawClient.RawResponse;
import dev.partywall.json.Json;
import dev.partywall.local.aws.iam.IamCredentials;
import dev.partywall.storage.Attributes;
import dev.partywall.storage.TestPlacements;
import dev.partywall.tenancy.Placement;
import dev.partywall.tenancy.TenantId;
import dev.partywall.tenancy.TenantLocation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * The first incarnation of a tenant, from its registration to its receipt, over the API. It keeps
 * all values that could have an effect in the next incarnation.
 */
final class FirstIncarnation {
  static final String ORDER =
      """
      {"currency":"EUR","items":[{"sku":"A-1","name":"Brick","quantity":1,"unitPrice":99}]}\
      """;
  static final String JSON = "Content-Type: application/json";
  static final String KEY = "Idempotency-Key: \"k\"";

  final String id;
  final String token;
  private final ServicesWithOperators services;
  private final TestPlacements placements;
  private final String registration;
  private final List<Map<String, AttributeValue>> items = new ArrayList<>();
  private String orderPath = "";
  private String cursor = "";
  private List<IamCredentials> sessions = List.of();

  /** Creates a tenant that is not registered yet. */
  FirstIncarnation(ServicesWithOperators services, String id, Placement placement) {
    this.services = services;
    this.id = id;
    this.placements =
        new TestPlacements(services.fixture.prefix + "orders", Map.of(new TenantId(id), placement));
    this.registration =
        "{\"id\":\"%s\",\"name\":\"N\",\"tier\":\"standard\",\"placement\":%s}"
            .formatted(id, json(placement));
    var issuer = services.fixture.issuer;
    this.token =
        issuer
            .token(id, "alice", "orders:read orders:write")
            .claim("iat", Instant.now().getEpochSecond())
            .signedBy(issuer.key());
  }

  private static String json(Placement placement) {
    return switch (placement) {
      case Placement.Pool() -> "{\"kind\":\"pool\"}";
      case Placement.ShardedPool(int shards) ->
          "{\"kind\":\"pool\",\"shards\":%d}".formatted(shards);
      case Placement.Silo() -> "{\"kind\":\"silo\"}";
    };
  }

  /** Returns the path of its first order. */
  String orderPath() {
    return orderPath;
  }

  /** Returns a cursor of the list of its orders. */
  String cursor() {
    return cursor;
  }

  /** Returns the AWS sessions that the service had for it until its deletion. */
  List<IamCredentials> sessions() {
    return sessions;
  }

  /** Registers the tenant with the same idempotency key as in each earlier call. */
  RawResponse register() {
    return register("first");
  }

  private RawResponse register(String key) {
    var field = "Idempotency-Key: \"%s-%s\"".formatted(id, key);
    return operator("POST", "", registration, JSON, field);
  }

  /** Registers the tenant, and places two orders. */
  void begin(DynamoDbClient engine) {
    var registered = register();
    assertTrue(registered.status() == 201 || registered.status() == 202, registered::text);
    awaitServed(token);
    var order = call("POST", "/orders", token, ORDER, JSON, KEY);
    assertEquals(201, order.status(), order::text);
    assertEquals("\"1\"", order.field("ETag").orElseThrow());
    orderPath = order.field("Location").orElseThrow();
    assertEquals(201, call("POST", "/orders", token, ORDER, JSON).status());
    cursor = next(call("GET", "/orders?limit=1", token, ""));
    for (var key : location(1).partitionKeys()) {
      items.addAll(items(engine, location(1).table(), key));
    }
  }

  /** Requests the deletion without retention. */
  void requestDeletion() {
    var deleted = operator("DELETE", "/" + id + "?retention=PT0S", "", "If-Match: *");
    assertEquals(202, deleted.status(), deleted::text);
  }

  /** Waits for the receipt, and registers the same id with the same content and another key. */
  void awaitReceiptAndRegisterAgain() {
    await(() -> read().path("status").asText().equals("offboarded"), "the tenant is not deleted");
    assertEquals(200, operator("GET", "/" + id + "/receipt", "").status());
    sessions = services.fixture.aws.aws().sessions("tenant", id);
    assertFalse(sessions.isEmpty());
    var again = register("second");
    assertTrue(again.status() == 201 || again.status() == 202, again::text);
    assertEquals("\"2.1\"", again.field("ETag").orElseThrow());
    awaitServed(services.fixture.token(id, "alice"));
  }

  /** Stores its items at the location of the second incarnation, as if they were not deleted. */
  void storeAgain(DynamoDbClient engine) {
    var from = location(1);
    var to = location(2);
    for (var item : items) {
      var moved = new HashMap<>(item);
      var partition = from.partitionKeys().indexOf(Attributes.requiredText(item, "pk"));
      moved.put("pk", AttributeValue.fromS(to.partitionKeys().get(partition)));
      engine.putItem(put -> put.tableName(to.table()).item(moved));
    }
  }

  TenantLocation location(int incarnation) {
    return placements.locationOf(new TenantId(id), incarnation);
  }

  private static List<Map<String, AttributeValue>> items(
      DynamoDbClient client, String table, String key) {
    return client
        .query(query ->
            query
                .tableName(table)
                .keyConditionExpression("pk = :pk")
                .expressionAttributeValues(Map.of(":pk", AttributeValue.fromS(key))))
        .items();
  }

  /** An active tenant is served when the instance has read the change of its status. */
  private void awaitServed(String bearer) {
    await(() -> call("GET", "/tenant", bearer, "").status() == 200, "the tenant is not served");
  }

  private JsonNode read() {
    return Json.parseStored(operator("GET", "/" + id, "").text());
  }

  /** Sends a request of an operator for a path under {@code /tenants}. */
  RawResponse operator(String method, String path, String body, String... fields) {
    return call(method, "/tenants" + path, services.operator(), body, fields);
  }

  /** Sends a request on a connection of its own. */
  RawResponse call(String method, String path, String bearer, String body, String... fields) {
    try (var client = new RawClient(services.ports().getFirst())) {
      return send(client, method, path, bearer, body, fields);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the cursor of the next page. */
  static String next(RawResponse page) {
    return Json.parseStored(page.text().substring(page.text().indexOf('{')))
        .required("next")
        .textValue();
  }
}
