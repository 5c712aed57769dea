package dev.partywall.operations.tenants;

import static dev.partywall.operations.tenants.TenantsFixture.ACME;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.partywall.local.LocalDynamo;
import dev.partywall.tenancy.TenantId;
import dev.partywall.tenancy.TenantStatus;
import dev.partywall.tenancy.registry.OperationStore.Document;
import dev.partywall.tenancy.registry.OperationStore.RecordChange;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests reads of receipts that a deletion has stored. */
@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
class ReceiptRouteTest {
  private static final TenantId ID = new TenantId("acme");

  private TenantsFixture tenants;

  @BeforeEach
  void start(LocalDynamo dynamo) throws IOException {
    tenants = new TenantsFixture(dynamo);
    tenants.post(ACME);
    tenants.delete("acme", "\"1\"", "");
  }

  @AfterEach
  void stop() throws IOException {
    tenants.close();
  }

  /** Ends the deletion, like the instance that executes it. */
  private void offboard(int incarnation, String receipt) {
    var registry = tenants.registry.registry;
    var tenant = registry.find(ID).orElseThrow();
    var ended = tenant.withStatus(TenantStatus.OFFBOARDED, tenants.clock.instant());
    var document = new Document(".receipt#" + incarnation, Map.of("jws", receipt));
    var operation = registry.operations().find(ID).orElseThrow();
    assertEquals(
        RecordChange.APPLIED,
        registry.operations().end(operation, tenant, ended, List.of(document)));
  }

  @Test
  void existsOnlyAfterTheDeletion() {
    assertEquals(404, tenants.get("/tenants/acme/receipt").status());
    assertEquals(404, tenants.get("/tenants/globex/receipt").status());
    offboard(1, "e30.e30.c2ln");
    var receipt = tenants.get("/tenants/acme/receipt");
    assertEquals(200, receipt.status());
    assertEquals("application/jose", receipt.header("Content-Type").orElseThrow());
    assertEquals("e30.e30.c2ln", receipt.text());
    assertEquals("private, no-cache", receipt.header("Cache-Control").orElseThrow());
    assertEquals("offboarded", tenants.get("/tenants/acme").json().get("status").textValue());
  }

  @Test
  void eachReadIsAnAuditEntry() {
    tenants.get("/tenants/acme/receipt");
    offboard(1, "e30.e30.c2ln");
    tenants.send("omar", "tenants:read", "GET", "/tenants/acme/receipt", null);
    tenants.send("olga", "tenants:admin", "GET", "/tenants/acme/receipt", null);
    assertEquals(
        List.of(
            "omar operator acme GET /tenants/{id}/receipt done 200",
            "olga operator GET /tenants/{id}/receipt rejected insufficient-scope"),
        tenants.audited("/tenants/acme/receipt").lines().toList());
  }

  @Test
  void aParameterSelectsAnotherIncarnation() {
    offboard(2, "e30.e30.c2ln");
    assertEquals(404, tenants.get("/tenants/acme/receipt").status());
    assertEquals(404, tenants.get("/tenants/acme/receipt?incarnation=1").status());
    assertEquals("e30.e30.c2ln", tenants.get("/tenants/acme/receipt?incarnation=2").text());
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "01", "-1", "1.0", "first", "", "1000000000"})
  void rejectsAnInvalidIncarnation(String value) {
    assertEquals(400, tenants.get("/tenants/acme/receipt?incarnation=" + value).status());
  }
}
