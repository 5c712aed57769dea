package dev.partywall.operations.tenants;

import static dev.partywall.operations.tenants.TenantsFixture.ACME;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.json.Json;
import dev.partywall.local.LocalDynamo;
import dev.partywall.storage.FaultInjectingClient;
import dev.partywall.tenancy.OperationKind;
import dev.partywall.tenancy.registry.Operation;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
class RegisterTenantTest {
  private TenantsFixture tenants;

  @BeforeEach
  void start(LocalDynamo dynamo) throws IOException {
    tenants = new TenantsFixture(dynamo);
  }

  @AfterEach
  void stop() throws IOException {
    tenants.close();
  }

  @Test
  void registersAnActiveTenant() {
    var response =
        tenants.post(
            """
            {"id":"acme","name":"Acme GmbH","tier":"premium",
             "placement":{"kind":"pool","shards":4},
             "overrides":{"burst":"unlimited","requestsPerSecond":"unlimited","weight":100,
               "monthlyRequests":1000000000000,"features":{"order-notes":true,"order-export":false}},
             "issuers":["https://idp1.example","https://idp0.example"]}
            """);
    assertEquals(201, response.status());
    assertEquals(Optional.of("/tenants/acme"), response.header("Location"));
    assertEquals("\"1\"", response.etag());
    assertEquals(Optional.of("private, no-cache"), response.header("Cache-Control"));
    assertEquals(
        "{\"id\":\"acme\",\"name\":\"Acme GmbH\",\"tier\":\"premium\",\"status\":\"active\","
            + "\"placement\":{\"kind\":\"pool\",\"shards\":4},"
            + "\"overrides\":{\"weight\":100,\"requestsPerSecond\":\"unlimited\",\"burst\":\"unlimited\","
            + "\"monthlyRequests\":1000000000000,"
            + "\"features\":{\"order-export\":false,\"order-notes\":true}},"
            + "\"issuers\":[\"https://idp0.example\",\"https://idp1.example\"],"
            + "\"createdAt\":\"2026-11-28T08:00:00.123Z\","
            + "\"updatedAt\":\"2026-11-28T08:00:00.123Z\",\"version\":1,\"incarnation\":1}",
        response.text());
    var read = tenants.get("/tenants/acme");
    assertEquals(200, read.status());
    assertEquals(response.text(), read.text());
    assertEquals("\"1\"", read.etag());
    assertEquals("olga operator acme POST /tenants done 201", tenants.audited("/tenants/acme"));
  }

  @Test
  void generatesALowerCaseUlid() {
    var first = tenants.post("{\"name\":\"N\",\"tier\":\"free\"}");
    tenants.clock.advance(Duration.ofMillis(1));
    var second = tenants.post("{\"name\":\"N\",\"tier\":\"free\"}");
    var id = first.json().get("id").textValue();
    assertTrue(id.matches("01m8gjp43v[0-9a-hjkmnp-tv-z]{16}"), id);
    assertEquals(Optional.of("/tenants/" + id), first.header("Location"));
    assertEquals(
        "olga operator " + id + " POST /tenants done 201", tenants.audited("/tenants/" + id));
    assertTrue(second.json().get("id").textValue().compareTo(id) > 0);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      value = {
        "free | | {\"kind\":\"pool\"}",
        "wide | | {\"kind\":\"pool\",\"shards\":4}",
        "wide | ,\"placement\":{\"kind\":\"pool\"} | {\"kind\":\"pool\"}",
        "dedicated | ,\"placement\":{\"kind\":\"pool\",\"shards\":1} | {\"kind\":\"pool\"}",
        "free | ,\"placement\":{\"kind\":\"pool\",\"shards\":16} | {\"kind\":\"pool\",\"shards\":16}",
      })
  void placesATenantAsRequestedOrAsItsTierSpecifies(
      String tier, String placement, String expected) {
    var body =
        "{\"name\":\"N\",\"tier\":\"" + tier + "\"" + (placement == null ? "" : placement) + "}";
    var response = tenants.post(body);
    assertEquals(201, response.status());
    assertEquals(Json.parseStored(expected), response.json().get("placement"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"id\":\"acme\",\"name\":\"N\",\"tier\":\"dedicated\"}",
        "{\"id\":\"acme\",\"name\":\"N\",\"tier\":\"free\",\"placement\":{\"kind\":\"silo\"}}"
      })
  void rejectsASiloWithoutProvisioner(String body) {
    var response = tenants.post(body);
    assertEquals(422, response.status());
    assertEquals("provisioner-missing", response.problem());
    assertEquals(
        "The service has no provisioner, which a tenant in a silo requires.", response.detail());
    assertEquals(404, tenants.get("/tenants/acme").status());
  }

  @Test
  void beginsToProvisionASilo(LocalDynamo dynamo) throws IOException {
    try (var provisioned = new TenantsFixture(dynamo, true)) {
      var body = "{\"id\":\"acme\",\"name\":\"N\",\"tier\":\"dedicated\"}";
      var response = provisioned.post(body);
      assertEquals(202, response.status());
      assertEquals("provisioning", response.json().get("status").textValue());
      assertEquals(Json.parseStored("{\"kind\":\"silo\"}"), response.json().get("placement"));
      assertEquals(Optional.of("/tenants/acme"), response.header("Location"));
      assertEquals("\"1\"", response.etag());
      var begun = operations(provisioned);
      assertEquals(1, begun.size());
      var operation = begun.getFirst();
      assertEquals("acme", operation.tenant().value());
      assertEquals(OperationKind.PROVISIONING, operation.kind());
      assertEquals("creating-table", operation.state());
      assertEquals("olga", operation.requestedBy());
      assertEquals(Instant.parse("2026-11-28T08:00:00.123Z"), operation.origin().startedAt());
      var repeated = provisioned.post(body);
      assertEquals(202, repeated.status());
      assertEquals(response.text(), repeated.text());
      assertEquals(201, provisioned.post(ACME.replace("acme", "pooled")).status());
      assertEquals(begun, operations(provisioned));
    }
  }

  private static List<Operation> operations(TenantsFixture fixture) {
    return fixture.registry.registry.operations().all();
  }

  @Test
  void acceptsTheGreatestValues() {
    var issuers =
        TenantsFixture.ISSUERS.stream()
            .limit(10)
            .collect(Collectors.joining("\",\"", "[\"", "\"]"));
    assertEquals(201, tenants.register("acme", "\"issuers\":" + issuers).status());
    var name = "😀".repeat(200);
    var longest = "{\"id\":\"" + "a".repeat(63) + "\",\"name\":\"" + name + "\",\"tier\":\"free\"}";
    assertEquals(name, tenants.post(longest).json().get("name").textValue());
    assertEquals(422, tenants.post(longest.replace("aaa", "aaaa")).status());
  }

  @Test
  void rejectsMalformedRequests() {
    assertEquals(415, tenants.post(ACME, "Content-Type", "application/merge-patch+json").status());
    assertEquals(400, tenants.post("{", "Content-Type", "application/json").status());
    assertEquals(400, tenants.post(ACME, "Idempotency-Key", "\"").status());
    var query = tenants.send("olga", TenantsFixture.SCOPES, "POST", "/tenants?dry=1", ACME);
    assertEquals(400, query.status());
    assertEquals("The parameter dry is unknown.", query.detail());
    assertEquals(404, tenants.get("/tenants/acme").status());
  }

  @Test
  void requiresTheScopeOfAdministrators() {
    var response = tenants.send("olga", "tenants:read", "POST", "/tenants", ACME);
    assertEquals(403, response.status());
    assertEquals("insufficient-scope", response.problem());
    assertEquals(
        "olga operator POST /tenants rejected insufficient-scope", tenants.audited("/tenants"));
  }

  @Test
  void namesTheTenantIfTheResultIsUnknown() {
    tenants.registry.proxy.handleWith(FaultInjectingClient.DISCONNECT);
    assertEquals(503, tenants.post(ACME).status());
    assertEquals(
        "olga operator acme POST /tenants unknown unavailable", tenants.audited("/tenants"));
  }
}
