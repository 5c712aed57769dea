package dev.partywall.runtime;

import static dev.partywall.runtime.FirstIncarnation.JSON;
import static dev.partywall.runtime.FirstIncarnation.KEY;
import static dev.partywall.runtime.FirstIncarnation.ORDER;
import static dev.partywall.runtime.FirstIncarnation.next;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.http.server.RawClient.RawResponse;
import dev.partywall.local.LocalDynamo;
import dev.partywall.local.aws.iam.IamCredentials;
import dev.partywall.tenancy.Placement;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;

/**
 * Attacks the second incarnation of tenants with values of the first one, which was deleted over
 * the API. The items of the first one are stored again at the location of the second one: the
 * values must not work even then.
 */
@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SecondIncarnationTest {
  private static final String REPLACEMENT =
      """
      {"currency":"EUR","items":[{"sku":"A-1","name":"Brick","quantity":2,"unitPrice":99}],\
      "status":"placed"}\
      """;

  private final LocalDynamo dynamo;
  private final ServicesWithOperators services;
  private List<FirstIncarnation> former = List.of();

  SecondIncarnationTest(LocalDynamo dynamo) throws IOException {
    this.dynamo = dynamo;
    this.services = new ServicesWithOperators(dynamo);
  }

  @BeforeAll
  void live() throws Exception {
    services.start(1);
    former =
        List.of(
            new FirstIncarnation(services, "acme", new Placement.Pool()),
            new FirstIncarnation(services, "globex", new Placement.ShardedPool(2)),
            new FirstIncarnation(services, "initech", new Placement.Silo()));
    try (var engine = dynamo.client()) {
      for (var tenant : former) {
        tenant.begin(engine);
      }
      for (var tenant : former) {
        tenant.requestDeletion();
      }
      for (var tenant : former) {
        tenant.awaitReceiptAndRegisterAgain();
        tenant.storeAgain(engine);
      }
    }
  }

  @AfterAll
  void close() {
    services.close();
  }

  List<FirstIncarnation> former() {
    return former;
  }

  /** Returns a token of the second incarnation. */
  private String token(FirstIncarnation tenant) {
    return services.fixture.token(tenant.id, "alice");
  }

  @ParameterizedTest
  @MethodSource("former")
  void theTokenIsInvalid(FirstIncarnation tenant) throws IOException {
    for (var path : List.of("/tenant", "/orders", tenant.orderPath())) {
      var response = tenant.call("GET", path, tenant.token, "");
      assertEquals(401, response.status(), path);
      assertTrue(response.field("WWW-Authenticate").orElse("").contains("invalid_token"));
    }
    assertEquals(401, tenant.call("POST", "/orders", tenant.token, ORDER, JSON).status());
    assertEquals(200, tenant.call("GET", "/tenant", token(tenant), "").status());
  }

  @ParameterizedTest
  @MethodSource("former")
  void theEntityTagOfAnOrderDoesNotMatch(FirstIncarnation tenant) throws IOException {
    var path = tenant.orderPath();
    var read = tenant.call("GET", path, token(tenant), "", "If-None-Match: \"1\"");
    assertEquals(200, read.status());
    assertEquals("\"2.1\"", read.field("ETag").orElseThrow());
    assertEquals(412, replace(tenant, "\"1\"").status());
    var replaced = replace(tenant, "\"2.1\"");
    assertEquals(200, replaced.status(), replaced::text);
    assertEquals("\"2.2\"", replaced.field("ETag").orElseThrow());
  }

  private RawResponse replace(FirstIncarnation tenant, String tag) throws IOException {
    var field = "If-Match: " + tag;
    return tenant.call("PUT", tenant.orderPath(), token(tenant), REPLACEMENT, JSON, field);
  }

  @ParameterizedTest
  @MethodSource("former")
  void theCursorIsRejected(FirstIncarnation tenant) throws IOException {
    var list = "/orders?limit=1&cursor=";
    var page = tenant.call("GET", list + tenant.cursor(), token(tenant), "");
    assertEquals(400, page.status(), page::text);
    assertTrue(page.text().contains("The cursor does not belong to this list."), page::text);
    var cursor = next(tenant.call("GET", "/orders?limit=1", token(tenant), ""));
    assertEquals(200, tenant.call("GET", list + cursor, token(tenant), "").status());
  }

  @ParameterizedTest
  @MethodSource("former")
  void theIdempotencyKeyPlacesAnotherOrder(FirstIncarnation tenant) throws IOException {
    var order = tenant.call("POST", "/orders", token(tenant), ORDER, JSON, KEY);
    assertEquals(201, order.status(), order::text);
    assertNotEquals(tenant.orderPath(), order.field("Location").orElseThrow());
    var repeated = tenant.call("POST", "/orders", token(tenant), ORDER, JSON, KEY);
    assertEquals(order.field("Location"), repeated.field("Location"));
  }

  @ParameterizedTest
  @MethodSource("former")
  void theValuesOfTheOperatorDoNotWork(FirstIncarnation tenant) throws IOException {
    var registered = tenant.register();
    assertEquals(409, registered.status(), registered::text);
    assertTrue(registered.text().contains("idempotency-key-outdated"), registered::text);
    var tag = "If-Match: \"1\"";
    var path = "/" + tenant.id;
    var patch = "Content-Type: application/merge-patch+json";
    var patched = tenant.operator("PATCH", path, "{\"name\":\"M\"}", patch, tag);
    assertEquals(412, patched.status(), patched::text);
    assertEquals(412, tenant.operator("DELETE", path + "?retention=PT0S", "", tag).status());
    assertEquals(404, tenant.operator("GET", path + "/receipt", "").status());
    assertEquals(200, tenant.operator("GET", path + "/receipt?incarnation=1", "").status());
    var bill = tenant.operator("GET", path + "/usage?incarnation=1", "");
    assertTrue(bill.text().contains("\"tier\":"), bill::text);
  }

  /** The sessions are valid until they expire, but their policies allow no present key. */
  @ParameterizedTest
  @MethodSource("former")
  void theAwsSessionsReachNoItem(FirstIncarnation tenant) {
    for (var session : tenant.sessions()) {
      try (var client = client(session)) {
        var table = tenant.location(2).table();
        for (var key : tenant.location(2).partitionKeys()) {
          for (var index : List.of("", "by-i1", "by-i2")) {
            assertDenied(() -> count(client, table, key, index));
          }
          assertDenied(() -> client.getItem(get -> get.tableName(table).key(item(key))));
          assertDenied(() -> client.putItem(put -> put.tableName(table).item(item(key))));
          assertDenied(() -> client.deleteItem(delete -> delete.tableName(table).key(item(key))));
        }
        if (tenant.location(1).table().equals(table)) {
          for (var key : tenant.location(1).partitionKeys()) {
            assertEquals(0, count(client, table, key, ""), "the session is valid");
          }
        }
      }
    }
  }

  private DynamoDbClient client(IamCredentials session) {
    return DynamoDbClient.builder()
        .endpointOverride(services.fixture.aws.aws().endpoint())
        .region(Region.EU_CENTRAL_1)
        .credentialsProvider(
            StaticCredentialsProvider.create(
                AwsSessionCredentials.create(
                    session.accessKeyId(),
                    session.secretAccessKey(),
                    session.sessionToken().orElseThrow())))
        .build();
  }

  private static Map<String, AttributeValue> item(String key) {
    return Map.of("pk", AttributeValue.fromS(key), "sk", AttributeValue.fromS("order#1"));
  }

  private static int count(DynamoDbClient client, String table, String key, String index) {
    return client
        .query(query ->
            query
                .tableName(table)
                .indexName(index.isEmpty() ? null : index)
                .keyConditionExpression("pk = :pk")
                .expressionAttributeValues(Map.of(":pk", AttributeValue.fromS(key))))
        .count();
  }

  private static void assertDenied(Runnable call) {
    var rejection = assertThrows(DynamoDbException.class, call::run);
    assertEquals("AccessDeniedException", rejection.awsErrorDetails().errorCode());
  }
}
