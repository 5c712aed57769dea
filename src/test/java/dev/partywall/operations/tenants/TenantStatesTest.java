package dev.partywall.operations.tenants;

import static dev.partywall.operations.tenants.TenantsFixture.ACME;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.partywall.local.LocalDynamo;
import dev.partywall.tenancy.Overrides;
import dev.partywall.tenancy.Overrides.Limit;
import dev.partywall.tenancy.Placement;
import dev.partywall.tenancy.TenantId;
import dev.partywall.tenancy.TenantRecord;
import dev.partywall.tenancy.TenantStatus;
import dev.partywall.tenancy.registry.TenantRegistry.Creation;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests requests about tenants that these routes cannot create. */
@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
class TenantStatesTest {
  private static final Instant CREATED = Instant.parse("2026-11-01T00:00:00Z");

  private TenantsFixture tenants;

  @BeforeEach
  void start(LocalDynamo dynamo) throws IOException {
    tenants = new TenantsFixture(dynamo);
  }

  @AfterEach
  void stop() throws IOException {
    tenants.close();
  }

  private void add(TenantStatus status, String tier, Overrides overrides, int incarnation) {
    var record =
        new TenantRecord(
            new TenantId("acme"),
            "Acme GmbH",
            tier,
            status,
            new Placement.Pool(),
            overrides,
            Set.of("https://former.example"),
            CREATED,
            CREATED,
            4,
            incarnation);
    assertInstanceOf(
        Creation.Created.class, tenants.registry.registry.create(record, Optional.empty()));
  }

  @ParameterizedTest
  @EnumSource(
      value = TenantStatus.class,
      names = {"PROVISIONING", "FAILED", "OFFBOARDING", "OFFBOARDED"})
  void changesTheStatusOnlyOfActiveAndSuspendedTenants(TenantStatus status) {
    add(status, "free", Overrides.NONE, 1);
    for (var wanted : new String[] {"active", "suspended"}) {
      var response = tenants.patch("acme", "\"4\"", "{\"status\":\"" + wanted + "\"}");
      assertEquals(409, response.status());
      assertEquals("status-not-changeable", response.problem());
      assertEquals(
          "The status of the tenant is " + status.label() + " and cannot be changed.",
          response.detail());
    }
    assertEquals(422, tenants.patch("acme", "*", "{\"status\":\"gone\"}").status());
    var renamed = tenants.patch("acme", "\"4\"", "{\"name\":\"Acme AG\"}");
    assertEquals(200, renamed.status());
    assertEquals(status.label(), renamed.json().get("status").textValue());
  }

  @ParameterizedTest
  @CsvSource({"PROVISIONING, 201", "ACTIVE, 201", "SUSPENDED, 201", "OFFBOARDING, 409"})
  void repeatsARegistrationOnlyOfATenantThatItRegistered(TenantStatus status, int expected) {
    add(status, "premium", Overrides.NONE, 1);
    assertEquals(200, tenants.patch("acme", "*", "{\"issuers\":null}").status());
    var response = tenants.post(ACME);
    assertEquals(expected, response.status());
    if (expected == 201) {
      assertEquals("2026-11-01T00:00:00.000Z", response.json().get("updatedAt").textValue());
    }
  }

  @Test
  void suspendsATenantWhoseTierFeatureAndIssuerNoLongerExist() {
    var overrides =
        new Overrides(Map.of(Limit.BURST, OptionalLong.of(3)), Map.of("former-feature", true));
    add(TenantStatus.ACTIVE, "former", overrides, 1);
    var suspended = tenants.patch("acme", "\"4\"", "{\"status\":\"suspended\"}");
    assertEquals(200, suspended.status());
    assertEquals("former", suspended.json().get("tier").textValue());
    assertEquals(
        "{\"burst\":3,\"features\":{\"former-feature\":true}}",
        suspended.json().get("overrides").toString());
    var rejected = tenants.patch("acme", "\"5\"", "{\"overrides\":{\"burst\":4}}");
    assertEquals(
        "/overrides/features/former-feature: is unknown; known: order-export, order-notes",
        rejected.faults());
    assertEquals(1, tenants.get("/tenants?tier=former").json().get("tenants").size());
  }

  @Test
  void addsTheIncarnationToTheEntityTag() {
    add(TenantStatus.ACTIVE, "free", Overrides.NONE, 2);
    assertEquals("\"2.4\"", tenants.get("/tenants/acme").etag());
    var record = tenants.registry.registry.find(new TenantId("acme")).orElseThrow();
    assertEquals("\"2.4\"", TenantRoutes.etag(record)); // without a bound tenant
    assertEquals(412, tenants.patch("acme", "\"4\"", "{\"tier\":\"premium\"}").status());
    assertEquals(412, tenants.patch("acme", "\"1.4\"", "{\"tier\":\"premium\"}").status());
    var changed = tenants.patch("acme", "\"2.4\"", "{\"tier\":\"premium\"}");
    assertEquals("\"2.5\"", changed.etag());
    assertEquals(2, changed.json().get("incarnation").intValue());
  }
}
