package dev.partywall.operations.transfer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.http.Sha256;
import dev.partywall.local.LocalDynamo;
import dev.partywall.registry.RegistryFixture;
import dev.partywall.storage.Attributes;
import dev.partywall.storage.FaultInjectingClient;
import dev.partywall.storage.Item;
import dev.partywall.storage.Key;
import dev.partywall.storage.Write;
import dev.partywall.storage.WriteCondition;
import dev.partywall.tenancy.OperationKind;
import dev.partywall.tenancy.TenantStatus;
import dev.partywall.tenancy.registry.Operation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
class ExportRouteTest {
  private static final String PATH = "/tenants/acme/export";

  private final ExportFixture fixture;

  ExportRouteTest(LocalDynamo dynamo) throws IOException {
    fixture = new ExportFixture(dynamo);
  }

  @AfterEach
  void close() throws IOException {
    fixture.close();
  }

  @Test
  void streamsTheHeaderTheItemsAndTheTrailer() throws Exception {
    fixture.register(TenantStatus.ACTIVE);
    put("order", "2", "{\"total\":\"1.20\"}");
    put("note", "1", "{\"text\":\"ä\"}");
    put("order", "1", "{}");

    var response = fixture.get(PATH);

    var lines =
        """
        {"format":"partywall-export/1","service":"orders","tenant":"acme","incarnation":1,"at":"2026-11-24T12:00:00.000Z"}
        {"collection":"note","id":"1","version":1,"labels":[],"document":{"text":"ä"}}
        {"collection":"order","id":"1","version":1,"labels":[],"document":{}}
        {"collection":"order","id":"2","version":1,"labels":[],"document":{"total":"1.20"}}
        """;
    var sha256 = Sha256.hex(lines.getBytes(StandardCharsets.UTF_8));
    assertEquals(200, response.statusCode());
    assertEquals(
        lines + "{\"counts\":{\"note\":1,\"order\":2},\"sha256\":\"" + sha256 + "\"}\n",
        response.body());
    assertEquals(
        "application/x-ndjson", response.headers().firstValue("Content-Type").orElseThrow());
    assertEquals("no-store", response.headers().firstValue("Cache-Control").orElseThrow());
    assertEquals(
        List.of(
            "actor=olga actorType=operator tenant=acme object=" + PATH + " outcome=started",
            "actor=olga actorType=operator tenant=acme object="
                + PATH
                + " outcome=done complete=true items.order=2"),
        fixture.audited(2));
  }

  @Test
  void leavesNoOperationWhenTheClientHasTheLastLine() throws Exception {
    fixture.register(TenantStatus.ACTIVE);

    for (var i = 0; i < 5; i++) {
      assertEquals(200, fixture.get(PATH).statusCode());
      assertTrue(fixture.operations.find(ExportFixture.ACME).isEmpty());
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = TenantStatus.class,
      names = {"PROVISIONING", "FAILED", "OFFBOARDED"})
  void isRejectedWithoutContent(TenantStatus status) throws Exception {
    fixture.register(status);

    var response = fixture.get(PATH);

    assertEquals(409, response.statusCode());
    assertEquals("tenant-not-exportable", ExportFixture.problem(response));
  }

  @Test
  void isPermittedForASuspendedTenant() throws Exception {
    fixture.register(TenantStatus.SUSPENDED);

    assertEquals(200, fixture.get(PATH).statusCode());
  }

  @Test
  void isPermittedDuringTheRetentionOfAnOffboarding() throws Exception {
    begin(OperationKind.OFFBOARDING, "retention", TenantStatus.OFFBOARDING);

    assertEquals(200, fixture.get(PATH).statusCode());
    assertTrue(fixture.operations.find(ExportFixture.ACME).isPresent());
  }

  @Test
  void isRejectedWhenTheDeletionHasBegun() throws Exception {
    begin(OperationKind.OFFBOARDING, "barrier", TenantStatus.OFFBOARDING);

    var response = fixture.get(PATH);

    assertEquals(409, response.statusCode());
    assertEquals("operation-in-progress", ExportFixture.problem(response));
  }

  @Test
  void isRejectedDuringAnotherOperation() throws Exception {
    begin(OperationKind.IMPORT, "open", TenantStatus.ACTIVE);

    var response = fixture.get(PATH);

    assertEquals(409, response.statusCode());
    assertEquals("operation-in-progress", ExportFixture.problem(response));
  }

  private void begin(OperationKind kind, String state, TenantStatus status) {
    var before = fixture.register(TenantStatus.ACTIVE);
    var after = status == TenantStatus.ACTIVE ? before : RegistryFixture.next(before, status);
    var operation = Operation.begun(before, kind, "1", state, "otto", RegistryFixture.NOON);
    fixture.operations.begin(operation, before, after);
  }

  @Test
  void requiresAScopeAndARegisteredTenant() throws Exception {
    fixture.register(TenantStatus.ACTIVE);

    assertEquals(403, fixture.get(PATH, "Test-Scopes", "tenants:read").statusCode());
    assertEquals(404, fixture.get("/tenants/globex/export").statusCode());
    assertEquals(404, fixture.get("/tenants/No/export").statusCode());
  }

  @Test
  void readsOnlyARestoredTable() throws Exception {
    fixture.register(TenantStatus.ACTIVE);
    var pool = fixture.tables.placements.pool();

    var missing = fixture.get(PATH + "?table=" + pool + ".unknown");

    assertEquals(404, missing.statusCode());
    assertEquals("table-not-found", ExportFixture.problem(missing));
    for (var name : List.of(pool, "partywall-tenants", pool + ".a*b", pool + "x")) {
      assertEquals(400, fixture.get(PATH + "?table=" + name).statusCode(), name);
    }
    assertTrue(fixture.operations.find(ExportFixture.ACME).isEmpty());
  }

  @Test
  void aHeadRequestBeginsNothing() throws Exception {
    fixture.register(TenantStatus.ACTIVE);

    assertEquals(200, fixture.send("HEAD", PATH).statusCode());

    assertTrue(fixture.operations.find(ExportFixture.ACME).isEmpty());
    assertEquals(200, fixture.get(PATH).statusCode());
  }

  @Test
  void continuesAfterThrottling() throws Exception {
    fixture.register(TenantStatus.ACTIVE);
    put("order", "1", "{}");
    var throttled = new ArrayList<String>();
    fixture.tables.proxy.handleOperationWith(
        "Query",
        upstream -> {
          if (throttled.size() < 5) {
            throttled.add("query");
            return FaultInjectingClient.replyWithError(
                    400, "ProvisionedThroughputExceededException")
                .handle(upstream);
          }
          return Optional.of(upstream.send());
        });

    assertTrue(fixture.get(PATH).body().contains("{\"counts\":{\"order\":1}"));
  }

  @Test
  void endsWithoutATrailerIfAnItemCannotBeRead() throws Exception {
    fixture.register(TenantStatus.ACTIVE);
    put("order", "1", "{}");
    var location = fixture.tables.placements.locationOf(ExportFixture.ACME);
    var later = Attributes.keyAndFormat("acme", "order#2");
    later.put("f", Attributes.number(2));
    fixture.tables.client.putItem(put -> put.tableName(location.table()).item(later));

    assertThrows(IOException.class, () -> fixture.get(PATH));

    assertTrue(
        fixture.audited(2).getLast().endsWith("reason=An internal error occurred."),
        () -> fixture.audited(2).getLast());
    assertTrue(operation().isEmpty());
  }

  private Optional<Operation> operation() {
    return fixture.operations.find(ExportFixture.ACME);
  }

  private void put(String collection, String id, String document) {
    var item = Item.of(new Key(collection, id), document);
    fixture.tables.as(() -> fixture.tables.table.write(Write.put(item, new WriteCondition.None())));
  }
}
