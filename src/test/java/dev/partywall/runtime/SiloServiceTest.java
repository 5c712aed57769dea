package dev.partywall.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.partywall.http.server.RawClient;
import dev.partywall.http.server.RawClient.RawResponse;
import dev.partywall.json.Json;
import dev.partywall.local.LocalDynamo;
import dev.partywall.local.aws.iam.RecordedDecision;
import dev.partywall.registry.DynamoTenantRegistry;
import dev.partywall.storage.Schema;
import dev.partywall.tenancy.TenantId;
import dev.partywall.tenancy.TenantStatus;
import dev.partywall.tenancy.registry.TenantRegistry.Change;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Tests the life of tenants on the running service: a silo, and an id that is registered again. */
@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SiloServiceTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(20);
  private static final String ORDER =
      "{\"currency\":\"EUR\",\"items\":[{\"sku\":\"A-1\",\"name\":\"Brick\",\"quantity\":2,"
          + "\"unitPrice\":990}]}";

  private final LocalDynamo dynamo;
  private final ServicesWithOperators services;
  private RawClient client;

  SiloServiceTest(LocalDynamo dynamo) throws IOException {
    this.dynamo = dynamo;
    this.services = new ServicesWithOperators(dynamo);
  }

  @BeforeAll
  void start() throws Exception {
    services.start(1);
    client = new RawClient(services.ports().getFirst());
  }

  @AfterAll
  void close() throws IOException {
    client.close();
    services.close();
  }

  private RawResponse send(String token, String method, String path, String body)
      throws IOException {
    return body.isEmpty()
        ? ServicesWithOperators.send(client, method, path, token, body)
        : ServicesWithOperators.send(
            client, method, path, token, body, "Content-Type: application/json");
  }

  private RawResponse register(String id, String placement) throws IOException {
    var body =
        "{\"id\":\"%s\",\"name\":\"N\",\"tier\":\"standard\",\"placement\":{\"kind\":\"%s\"}}"
            .formatted(id, placement);
    return send(services.operator(), "POST", "/tenants", body);
  }

  private JsonNode tenant(String id) throws IOException {
    var response = send(services.operator(), "GET", "/tenants/" + id, "");
    assertEquals(200, response.status(), response::text);
    return json(response);
  }

  private static JsonNode json(RawResponse response) {
    return Json.parse(response.text().getBytes(StandardCharsets.UTF_8));
  }

  private JsonNode awaitEndOfProvisioning(String id) throws IOException {
    var deadline = System.nanoTime() + TIMEOUT.toNanos();
    var tenant = tenant(id);
    while (tenant.get("status").asText().equals("provisioning")) {
      assertTrue(System.nanoTime() < deadline, tenant::toString);
      tenant = tenant(id);
    }
    return tenant;
  }

  private void awaitStatus(int status, String token) throws IOException {
    var deadline = System.nanoTime() + TIMEOUT.toNanos();
    var response = send(token, "GET", "/orders", "");
    while (response.status() != status) {
      assertTrue(System.nanoTime() < deadline, response::text);
      response = send(token, "GET", "/orders", "");
    }
  }

  @Test
  void aTenantInASiloHasATableOfItsOwn() throws Exception {
    assertEquals(201, register("globex", "pool").status());
    var registered = register("acme", "silo");
    assertEquals(202, registered.status(), registered::text);
    var active = awaitEndOfProvisioning("acme");
    assertEquals("active", active.get("status").asText(), active::toString);
    assertEquals(2, active.get("version").asInt());
    assertTrue(active.path("operation").isMissingNode(), active::toString);
    var acme = services.fixture.token("acme", "alice");
    awaitStatus(200, acme);
    var placed = send(acme, "POST", "/orders", ORDER);
    assertEquals(201, placed.status(), placed::text);
    var id = json(placed).get("id").asText();
    assertEquals(200, send(acme, "GET", "/orders/" + id, "").status());
    var globex = services.fixture.token("globex", "bob");
    awaitStatus(200, globex);
    assertEquals(404, send(globex, "GET", "/orders/" + id, "").status());
    assertEquals(1, ordersOf("acme", services.fixture.prefix + "orders.acme"));
    assertEquals(0, ordersOf("acme", services.fixture.prefix + "orders"));
    assertEquals(
        Set.of(
            "dynamodb:CreateTable",
            "dynamodb:DescribeTable",
            "dynamodb:DescribeTimeToLive",
            "dynamodb:UpdateTimeToLive",
            "dynamodb:DescribeContinuousBackups",
            "dynamodb:UpdateContinuousBackups"),
        actionsOfProvisioner());
  }

  private int ordersOf(String partition, String table) {
    try (var engine = dynamo.client()) {
      return engine
          .query(query ->
              query
                  .tableName(table)
                  .keyConditionExpression("pk = :pk AND begins_with(sk, :order)")
                  .expressionAttributeValues(
                      Map.of(
                          ":pk", AttributeValue.fromS(partition),
                          ":order", AttributeValue.fromS("order#"))))
          .count();
    }
  }

  private Set<String> actionsOfProvisioner() {
    return services.fixture.aws.aws().recorder().decisions().stream()
        .filter(decision -> decision.principal().contains("/partywall-ProvisionerRole/"))
        .filter(RecordedDecision::allowed)
        .map(RecordedDecision::action)
        .collect(Collectors.toSet());
  }

  @Test
  void aTableWithOtherKeysFailsTheTenantWithTheReason() throws Exception {
    var table = services.fixture.prefix + "orders.initech";
    try (var engine = dynamo.client()) {
      engine.createTable(Schema.ofService(table, false).createRequest());
    }
    assertEquals(202, register("initech", "silo").status());
    var failed = awaitEndOfProvisioning("initech");
    assertEquals("failed", failed.get("status").asText());
    var operation = failed.get("operation");
    assertEquals("provisioning", operation.get("kind").asText());
    assertEquals("failed", operation.get("state").asText());
    assertEquals(
        "The table " + table + " exists and has no index by-i1 with the key pk and i1",
        operation.get("reason").asText());
    var rejected = send(services.fixture.token("initech", "alice"), "GET", "/orders", "");
    assertTrue(rejected.text().contains("/tenant-not-active"), rejected::text);
    try (var engine = dynamo.client()) {
      engine.deleteTable(delete -> delete.tableName(table));
    }
    assertEquals(202, register("initech", "silo").status());
    assertEquals("active", awaitEndOfProvisioning("initech").get("status").asText());
  }

  /** The start of an incarnation is cut to the second, because issuers state whole seconds. */
  @Test
  void aTokenOfTheFirstLifeDoesNotReachTheSecond() throws Exception {
    assertEquals(201, register("umbrella", "pool").status());
    var first = services.fixture.token("umbrella", "alice");
    awaitStatus(200, first);
    endLife();
    awaitStatus(403, first);
    assertTrue(send(first, "GET", "/orders", "").text().contains("/unknown-tenant"));
    var second = register("umbrella", "pool");
    assertEquals(201, second.status());
    var start = Instant.parse(json(second).get("createdAt").asText()).getEpochSecond();
    awaitStatus(200, token(start));
    var rejected = send(token(start - 1), "GET", "/orders", "");
    assertEquals(401, rejected.status());
    assertEquals(
        "Bearer realm=\"orders\", error=\"invalid_token\"",
        rejected.field("WWW-Authenticate").orElseThrow());
    var issuer = services.fixture.issuer;
    var withoutTime =
        issuer.token("umbrella", "alice", "orders:read").withoutClaim("iat").signedBy(issuer.key());
    assertEquals(401, send(withoutTime, "GET", "/orders", "").status());
  }

  private String token(long issuedAt) {
    var issuer = services.fixture.issuer;
    return issuer
        .token("umbrella", "alice", "orders:read")
        .claim("iat", issuedAt)
        .signedBy(issuer.key());
  }

  /** Changes the record as the end of an offboarding does. */
  private void endLife() {
    try (var engine = dynamo.client()) {
      var registry =
          new DynamoTenantRegistry(
              engine, services.fixture.prefix, InstantSource.system(), new SecureRandom());
      var tenant = registry.find(new TenantId("umbrella")).orElseThrow();
      var ended = tenant.withStatus(TenantStatus.OFFBOARDED, Instant.now());
      assertEquals(new Change.Replaced(), registry.replace(ended));
    }
  }
}
