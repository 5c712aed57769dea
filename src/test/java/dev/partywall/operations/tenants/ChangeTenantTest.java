package dev.partywall.operations.tenants;

import static dev.partywall.operations.tenants.TenantsFixture.ACME;
import static dev.partywall.operations.tenants.TenantsFixture.SCOPES;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.partywall.local.LocalDynamo;
import dev.partywall.storage.FaultInjectingClient;
import dev.partywall.tenancy.TenantId;
import dev.partywall.tenancy.TenantStatus;
import dev.partywall.tenancy.registry.TenantRegistry.Change;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
class ChangeTenantTest {
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
  void changesEveryMember() {
    tenants.register(
        "acme",
        "\"overrides\":{\"burst\":5,\"inFlight\":6,\"features\":{\"order-notes\":true}}",
        "\"issuers\":[\"https://idp0.example\"]");
    tenants.clock.advance(Duration.ofSeconds(1));
    var response =
        tenants.patch(
            "acme",
            "\"1\"",
            """
            {"name":"Acme AG","tier":"premium","status":"suspended",
             "overrides":{"burst":null,"weight":7,"inFlight":"unlimited",
               "features":{"order-export":false}},
             "issuers":["https://idp1.example"]}
            """);
    assertEquals(200, response.status());
    assertEquals("\"2\"", response.etag());
    assertEquals(
        "{\"id\":\"acme\",\"name\":\"Acme AG\",\"tier\":\"premium\",\"status\":\"suspended\","
            + "\"placement\":{\"kind\":\"pool\"},"
            + "\"overrides\":{\"weight\":7,\"inFlight\":\"unlimited\","
            + "\"features\":{\"order-export\":false,\"order-notes\":true}},"
            + "\"issuers\":[\"https://idp1.example\"],"
            + "\"createdAt\":\"2026-11-28T08:00:00.123Z\","
            + "\"updatedAt\":\"2026-11-28T08:00:01.123Z\",\"version\":2,\"incarnation\":1}",
        response.text());
    assertEquals(response.text(), tenants.get("/tenants/acme").text());
    assertEquals(
        "olga operator acme POST /tenants done 201\n"
            + "olga operator acme PATCH /tenants/{id} done 200",
        tenants.audited("/tenants/acme"));
  }

  /** The next incarnation starts after the last change of a deleted tenant. */
  @Test
  void aWrongClockDoesNotDetermineTheTimeOfAChange() {
    tenants.post(ACME);
    tenants.clock.advance(Duration.ofDays(365));
    tenants.registry.clockDifference.set(Optional.of(Duration.ofDays(365)));
    var changed = tenants.patch("acme", "\"1\"", "{\"name\":\"Acme AG\"}");
    assertEquals("2026-11-28T08:00:00.123Z", changed.json().get("updatedAt").textValue());
    offboard();
    var rejected = tenants.patch("acme", "\"3\"", "{\"name\":\"Former Acme\"}");
    assertEquals(503, rejected.status());
    assertEquals(
        "The clock of the instance differs from that of the registry by 31536000 s.",
        rejected.detail());
    assertEquals(412, tenants.patch("acme", "\"2\"", "{\"name\":\"Former Acme\"}").status());
    tenants.clock.advance(Duration.ofDays(-365));
    tenants.registry.clockDifference.set(Optional.of(Duration.ZERO));
    assertEquals(200, tenants.patch("acme", "\"3\"", "{\"name\":\"Former Acme\"}").status());
    tenants.clock.advance(Duration.ofSeconds(1));
    var next = tenants.post(ACME);
    assertEquals("2026-11-28T08:00:01.123Z", next.json().get("createdAt").textValue());
  }

  private void offboard() {
    var registry = tenants.registry.registry;
    var tenant = registry.find(new TenantId("acme")).orElseThrow();
    var deleted = tenant.withStatus(TenantStatus.OFFBOARDED, tenant.updatedAt());
    assertEquals(new Change.Replaced(), registry.replace(deleted));
  }

  @Test
  void removesMembersThatAreNull() {
    tenants.register(
        "acme",
        "\"overrides\":{\"burst\":5,\"features\":{\"order-notes\":true}}",
        "\"issuers\":[\"https://idp0.example\"]");
    var feature =
        tenants.patch("acme", "*", "{\"overrides\":{\"features\":{\"order-notes\":null}}}");
    assertEquals("{\"burst\":5}", feature.json().get("overrides").toString());
    var all = tenants.patch("acme", "*", "{\"overrides\":null,\"issuers\":null}");
    assertEquals("{}", all.json().get("overrides").toString());
    assertEquals("[]", all.json().get("issuers").toString());
    assertEquals(3, all.json().get("version").intValue());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"name\":\"Acme GmbH\",\"tier\":\"premium\",\"status\":\"active\",\"issuers\":null}",
        "{\"placement\":{\"kind\":\"pool\",\"shards\":1}}",
        "{\"placement\":{\"kind\":\"pool\",\"shards\":null}}",
        "{\"overrides\":{\"burst\":null,\"features\":{}}}",
        "{\"operation\":null}",
      })
  void keepsTheVersionIfThePatchHasNoEffect(String patch) {
    var before = tenants.post(ACME);
    tenants.clock.advance(Duration.ofSeconds(1));
    var response = tenants.patch("acme", "\"1\"", patch);
    assertEquals(200, response.status());
    assertEquals("\"1\"", response.etag());
    assertEquals(before.text(), response.text());
    assertEquals(before.text(), tenants.get("/tenants/acme").text());
    assertEquals(
        "olga operator acme POST /tenants done 201\n"
            + "olga operator acme PATCH /tenants/{id} repeated 200",
        tenants.audited("/tenants/acme"));
  }

  @Test
  void requiresACurrentIfMatch() {
    tenants.post(ACME);
    var patch = "{\"name\":\"Acme AG\"}";
    var missing = tenants.send("olga", SCOPES, "PATCH", "/tenants/acme", patch);
    assertEquals(428, missing.status());
    assertEquals(400, tenants.patch("acme", "1", patch).status());
    assertEquals(412, tenants.patch("acme", "\"2\"", patch).status());
    assertEquals(412, tenants.patch("acme", "W/\"1\"", patch).status());
    assertEquals(412, tenants.patch("acme", "\"2\"", "{}").status());
    assertEquals(412, tenants.patch("acme", "\"2\"", "{\"name\":null}").status());
    var unmodified =
        tenants.send(
            "olga",
            SCOPES,
            "PATCH",
            "/tenants/acme",
            "{}",
            "If-Match",
            "*",
            "If-None-Match",
            "\"1\"");
    assertEquals(412, unmodified.status());
    assertEquals(200, tenants.patch("acme", "\"7\", \"1\"", patch).status());
  }

  @Test
  void rejectsTheSecondOfTwoConcurrentChanges() {
    tenants.post(ACME);
    tenants.post(ACME.replace("acme", "globex"));
    interruptOnce(() -> {
      assertEquals(200, tenants.patch("acme", "\"1\"", "{\"name\":\"First\"}").status());
      assertEquals(200, tenants.patch("globex", "\"1\"", "{\"name\":\"First\"}").status());
    });
    assertEquals(412, tenants.patch("acme", "\"1\"", "{\"tier\":\"free\"}").status());
    var current = tenants.get("/tenants/acme").json();
    assertEquals(
        "First premium", current.get("name").textValue() + " " + current.get("tier").textValue());
  }

  @Test
  void mergesWithTheCurrentVersionIfAnyVersionIsPermitted() {
    tenants.post(ACME);
    interruptOnce(() -> tenants.patch("acme", "\"1\"", "{\"name\":\"First\"}"));
    var response = tenants.patch("acme", "*", "{\"tier\":\"free\"}");
    assertEquals("\"3\"", response.etag());
    assertEquals("First", response.json().get("name").textValue());
    assertEquals("free", response.json().get("tier").textValue());
  }

  private void interruptOnce(Runnable change) {
    var proxy = tenants.registry.proxy;
    proxy.handleOperationWith(
        "TransactWriteItems",
        upstream -> {
          proxy.handleOperationWith("TransactWriteItems", FaultInjectingClient.FORWARD);
          change.run();
          return FaultInjectingClient.FORWARD.handle(upstream);
        });
  }

  @Test
  void rejectsMalformedAndUnknownTargets() {
    tenants.post(ACME);
    var json =
        tenants.send(
            "olga",
            SCOPES,
            "PATCH",
            "/tenants/acme",
            "{}",
            "If-Match",
            "*",
            "Content-Type",
            "application/json");
    assertEquals(415, json.status());
    assertEquals("The request body must be application/merge-patch+json in UTF-8.", json.detail());
    assertEquals(400, tenants.patch("acme", "*", "{\"name\":\"a\",\"name\":\"b\"}").status());
    assertEquals(400, tenants.patch("acme?force=1", "*", "{}").status());
    assertEquals(404, tenants.patch("globex", "*", "{\"name\":null}").status());
    assertEquals(404, tenants.patch("ACME", "*", "{}").status());
    var reader =
        tenants.send("olga", "tenants:read", "PATCH", "/tenants/acme", "{}", "If-Match", "*");
    assertEquals(403, reader.status());
    assertEquals(
        "olga operator acme POST /tenants done 201\n"
            + "olga operator PATCH /tenants/{id} rejected insufficient-scope",
        tenants.audited("/tenants/acme"));
  }
}
