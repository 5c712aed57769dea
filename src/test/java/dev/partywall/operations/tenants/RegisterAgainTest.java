package dev.partywall.operations.tenants;

import static dev.partywall.operations.tenants.TenantsFixture.ACME;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.partywall.local.LocalDynamo;
import dev.partywall.operations.tenants.TenantsFixture.TenantsResponse;
import dev.partywall.tenancy.OperationKind;
import dev.partywall.tenancy.TenantId;
import dev.partywall.tenancy.TenantStatus;
import dev.partywall.tenancy.registry.Operation;
import dev.partywall.tenancy.registry.OperationStore.RecordChange;
import dev.partywall.tenancy.registry.OperationStore.Start;
import dev.partywall.tenancy.registry.TenantRegistry.Change;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Tests the registration of an id that had a tenant, and of a tenant whose provisioning failed. */
@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
class RegisterAgainTest {
  private static final TenantId ID = new TenantId("acme");
  private static final String SILO = ACME.replace("}", ",\"placement\":{\"kind\":\"silo\"}}");

  private TenantsFixture tenants;

  @BeforeEach
  void start(LocalDynamo dynamo) throws IOException {
    tenants = new TenantsFixture(dynamo, true);
  }

  @AfterEach
  void stop() throws IOException {
    tenants.close();
  }

  /** Changes the status as an operation does when it ends. */
  private void become(TenantStatus status) {
    var registry = tenants.registry.registry;
    var tenant = registry.find(ID).orElseThrow();
    var next = tenant.withStatus(status, tenant.updatedAt());
    var operation = registry.operations().find(ID);
    if (operation.isPresent()) {
      assertEquals(
          RecordChange.APPLIED,
          registry.operations().end(operation.get(), tenant, next, List.of()));
    } else {
      assertEquals(new Change.Replaced(), registry.replace(next));
    }
  }

  private void offboard() {
    become(TenantStatus.OFFBOARDING);
    become(TenantStatus.OFFBOARDED);
    tenants.clock.advance(Duration.ofHours(1));
  }

  @Test
  void registersADeletedIdAsTheNextIncarnation() {
    tenants.post(ACME);
    offboard();
    var second = tenants.post(ACME.replace("Acme GmbH", "Another company"));
    assertEquals(201, second.status());
    assertEquals("\"2.1\"", second.etag());
    assertEquals(Optional.of("/tenants/acme"), second.header("Location"));
    assertEquals(
        "{\"id\":\"acme\",\"name\":\"Another company\",\"tier\":\"premium\",\"status\":\"active\","
            + "\"placement\":{\"kind\":\"pool\"},\"overrides\":{},\"issuers\":[],"
            + "\"createdAt\":\"2026-11-28T09:00:00.123Z\","
            + "\"updatedAt\":\"2026-11-28T09:00:00.123Z\",\"version\":1,\"incarnation\":2}",
        second.text());
    assertEquals(second.text(), tenants.get("/tenants/acme").text());
    assertEquals(1, tenants.get("/tenants").json().get("tenants").size());
    offboard();
    assertEquals("\"3.1\"", tenants.post(ACME).etag());
  }

  /** Tokens from before the start of an incarnation are those of the former one. */
  @Test
  void anIncarnationStartsAfterTheEndOfTheFormerOneAlsoByASlowClock() {
    tenants.clock.advance(Duration.ofSeconds(59));
    tenants.post(ACME);
    offboard();
    tenants.clock.advance(Duration.ofHours(-1).minusSeconds(59));
    var second = tenants.post(ACME);
    assertEquals("\"2.1\"", second.etag());
    assertEquals("2026-11-28T08:00:59.124Z", second.json().get("createdAt").textValue());
  }

  @Test
  void anInstanceWithAWrongClockRegistersNoFurtherIncarnation() {
    tenants.registry.clockDifference.set(Optional.of(Duration.ofSeconds(-61)));
    assertEquals(201, tenants.post(ACME).status());
    offboard();
    var rejected = tenants.post(ACME);
    assertEquals(503, rejected.status());
    assertEquals(
        "The clock of the instance differs from that of the registry by 61 s.", rejected.detail());
    assertEquals(1, tenants.get("/tenants/acme").json().get("incarnation").intValue());
  }

  @Test
  void repeatsTheRegistrationOfTheSecondIncarnation() {
    tenants.post(ACME);
    offboard();
    var second = tenants.post(ACME, "Idempotency-Key", "again");
    tenants.clock.advance(Duration.ofHours(1));
    for (var repeated :
        List.of(tenants.post(ACME, "Idempotency-Key", "again"), tenants.post(ACME))) {
      assertEquals(201, repeated.status());
      assertEquals(second.text(), repeated.text());
      assertEquals("\"2.1\"", repeated.etag());
    }
    assertConflict("tenant-exists", tenants.post(ACME.replace("premium", "free")));
  }

  private static void assertConflict(String problem, TenantsResponse response) {
    assertEquals(409, response.status());
    assertEquals(problem, response.problem());
  }

  /** The response would name a tenant that no longer exists. */
  @Test
  void rejectsTheIdempotencyKeyOfADeletedTenant() {
    assertEquals(201, tenants.post(ACME, "Idempotency-Key", "first").status());
    become(TenantStatus.OFFBOARDING);
    assertEquals(201, tenants.post(ACME, "Idempotency-Key", "first").status());
    become(TenantStatus.OFFBOARDED);
    var rejected = tenants.post(ACME, "Idempotency-Key", "first");
    assertConflict("idempotency-key-outdated", rejected);
    assertEquals(
        "The tenant that this request has registered is deleted. Use another key.",
        rejected.detail());
    assertEquals(1, tenants.get("/tenants/acme").json().get("incarnation").intValue());
    assertEquals("\"2.1\"", tenants.post(ACME, "Idempotency-Key", "second").etag());
    assertConflict("idempotency-key-outdated", tenants.post(ACME, "Idempotency-Key", "first"));
  }

  @Test
  void provisionsASiloForTheSecondIncarnation() {
    tenants.post(ACME);
    offboard();
    var second = tenants.post(SILO);
    assertEquals(202, second.status());
    assertEquals("\"2.1\"", second.etag());
    assertEquals("provisioning", second.json().get("status").textValue());
    var operation = tenants.registry.registry.operations().find(ID).orElseThrow();
    assertEquals(2, operation.incarnation());
    assertEquals(Instant.parse("2026-11-28T09:00:00.123Z"), operation.origin().startedAt());
  }

  @Test
  void provisionsAFailedTenantAgain() {
    tenants.post(SILO, "Idempotency-Key", "k");
    become(TenantStatus.FAILED);
    tenants.clock.advance(Duration.ofHours(1));
    assertConflict("tenant-exists", tenants.post(SILO.replace("GmbH", "AG")));
    assertEquals(Optional.empty(), tenants.registry.registry.operations().find(ID));
    var restarted = tenants.post(SILO);
    assertEquals(202, restarted.status());
    assertEquals("\"3\"", restarted.etag());
    assertEquals("provisioning", restarted.json().get("status").textValue());
    assertEquals(
        "{\"kind\":\"provisioning\",\"state\":\"creating-table\",\"done\":0,\"requestedBy\":\"olga\","
            + "\"startedAt\":\"2026-11-28T09:00:00.123Z\"}",
        tenants.get("/tenants/acme").json().get("operation").toString());
    var operation = tenants.registry.registry.operations().find(ID).orElseThrow();
    assertEquals("creating-table", operation.state());
    become(TenantStatus.FAILED);
    assertEquals("\"5\"", tenants.post(SILO, "Idempotency-Key", "k").etag());
    assertEquals(
        """
        olga operator acme POST /tenants done 202
        olga operator acme POST /tenants done 202
        olga operator acme POST /tenants done 202\
        """,
        tenants.audited("/tenants/acme"));
  }

  @Test
  void doesNotProvisionAFailedTenantDuringAnotherOperation() {
    tenants.post(SILO);
    become(TenantStatus.FAILED);
    var registry = tenants.registry.registry;
    var failed = registry.find(ID).orElseThrow();
    var other =
        Operation.begun(
            failed, OperationKind.OFFBOARDING, "other", "retention", "olga", failed.updatedAt());
    assertEquals(new Start.Begun(other), registry.operations().begin(other, failed, failed));
    assertConflict("operation-in-progress", tenants.post(SILO));
  }
}
