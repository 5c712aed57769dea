package dev.partywall.operations.tenants;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.databind.JsonNode;
import dev.partywall.local.LocalDynamo;
import dev.partywall.registry.RegistryFixture;
import dev.partywall.tenancy.TenantStatus;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Operations that begin or end while a list of tenants is read. */
@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
class ListedOperationsTest {
  private TenantsFixture tenants;

  @BeforeEach
  void start(LocalDynamo dynamo) throws IOException {
    tenants = new TenantsFixture(dynamo);
    tenants.register("acme");
    tenants.register("globex");
  }

  @AfterEach
  void stop() throws IOException {
    tenants.close();
  }

  /** Returns the tenants of a list. The first query reads their records. */
  private List<JsonNode> listed(String query, Runnable afterTheRecords) {
    tenants.registry.proxy.afterNext("Query", afterTheRecords);
    return tenants.get("/tenants" + query).json().required("tenants").valueStream().toList();
  }

  private void begin() {
    assertEquals(202, tenants.delete("acme", "*", "").status());
  }

  private void end() {
    var registry = tenants.registry.registry;
    var record = registry.find(RegistryFixture.ACME).orElseThrow();
    var operation = registry.operations().find(RegistryFixture.ACME).orElseThrow();
    var after = record.withStatus(TenantStatus.OFFBOARDED, record.updatedAt());
    registry.operations().end(operation, record, after, List.of());
  }

  @Test
  void anOperationThatHasBegunMeanwhileIsShownWithItsRecord() {
    var entries = listed("", this::begin);
    assertEquals(tenants.get("/tenants/acme").json(), entries.getFirst());
    assertEquals("offboarding", entries.getFirst().required("status").asText());
    assertEquals("offboarding", entries.getFirst().at("/operation/kind").asText());
    assertEquals(2, entries.size());
  }

  @Test
  void anOperationThatHasEndedMeanwhileIsNotMissingFromAnEarlierRecord() {
    begin();
    var entry = listed("", this::end).getFirst();
    assertEquals("offboarded", entry.required("status").asText());
    assertFalse(entry.has("operation"));
  }

  @Test
  void aTenantThatDoesNotMatchAnyMoreIsNotListed() {
    assertEquals(
        List.of("globex"),
        listed("?status=active", this::begin).stream()
            .map(entry -> entry.required("id").asText())
            .toList());
    assertEquals(List.of(), listed("?status=offboarding&tier=free", this::end));
  }

  @Test
  void aTenantWithAnOperationTakesOneMoreRead() {
    begin();
    var before = tenants.registry.proxy.requests().size();
    tenants.get("/tenants");
    var requests = tenants.registry.proxy.requests();
    assertEquals(List.of("Query", "Query", "GetItem"), requests.subList(before, requests.size()));
  }
}
