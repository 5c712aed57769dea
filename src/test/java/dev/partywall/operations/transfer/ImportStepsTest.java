package dev.partywall.operations.transfer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.error.ApiError;
import dev.partywall.local.LocalDynamo;
import dev.partywall.operations.lifecycle.OperationSteps.Step;
import dev.partywall.storage.Key;
import dev.partywall.storage.content.StoredItem;
import dev.partywall.tenancy.Placement;
import dev.partywall.tenancy.TenantId;
import dev.partywall.tenancy.registry.Operation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
class ImportStepsTest {
  private static final Placement POOL = new Placement.Pool();
  private static final Placement SHARDED = new Placement.ShardedPool(3);

  /** So many that the items need three pages. */
  private static final List<StoredItem> CONTENT = ImportFixture.orders(210, "{\"a\":1}");

  private static final List<StoredItem> FORMER = ImportFixture.orders(3, "{\"b\":2}");

  private final ImportFixture fixture;

  ImportStepsTest(LocalDynamo dynamo) {
    this.fixture = new ImportFixture(dynamo);
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private Map<String, AttributeValue> mark(TenantId tenant) {
    return Map.of(
        "pk", AttributeValue.fromS(tenant.value()),
        "sk", AttributeValue.fromS(".mark#ordersPlaced#2026-11-28T08#o0001"),
        "f", AttributeValue.fromN("1"));
  }

  private Operation operation(TenantId tenant) {
    return fixture.operations.find(tenant).orElseThrow();
  }

  private void assertFailed(TenantId tenant, String type, String detail) {
    var failed = operation(tenant);
    assertEquals("receiving", failed.state());
    assertTrue(failed.ownership().isFree());
    var error = ImportState.failure(failed).orElseThrow().error();
    var expected =
        type.equals("import-invalid")
            ? new ApiError.Unprocessable(type, detail)
            : new ApiError.Conflict(type, detail);
    assertEquals(expected, error);
  }

  private String result(TenantId tenant) {
    var document = fixture.operations.document(tenant, ".import-result#1").orElseThrow();
    return document.get("counts") + " " + document.get("unchanged");
  }

  @Test
  void writesTheItemsOfAnotherTenantsFileAsAClone() {
    var tenant = fixture.register("copy", SHARDED);
    fixture.open(tenant, true, false, true);
    fixture.complete(tenant, ImportFixture.file("acme", CONTENT), 7);
    fixture.takeOver(tenant).finish();
    assertEquals(fixture.expected(tenant, CONTENT), fixture.items(tenant));
    assertEquals(Optional.empty(), fixture.operations.find(tenant));
    assertEquals(Optional.empty(), fixture.registry.find(tenant).orElseThrow().operation());
    assertEquals("{\"order\":210} false", result(tenant));
    assertEquals(
        Map.of("at", "2026-11-28T09:30:00.123Z"),
        fixture.operations.document(tenant, ".imported#1").orElseThrow());
    assertEquals(
        List.of("/tenants/copy checked writing", "/tenants/copy imported clearing"),
        fixture.audited);
  }

  @Test
  void waitsForTheOtherInstances() {
    var tenant = fixture.register("waiting", POOL);
    fixture.open(tenant, false, false, true);
    fixture.complete(tenant, ImportFixture.file("waiting", FORMER), 1);
    fixture.waitingFor = List.of("i-1");
    var instance = fixture.takeOver(tenant);
    assertEquals(Step.WAIT, instance.step());
    assertEquals(List.of("i-1"), operation(tenant).progress().waitingFor());
    fixture.waitingFor = List.of();
    instance.finish();
    assertEquals(fixture.expected(tenant, FORMER), fixture.items(tenant));
  }

  @Test
  void changesNothingIfTheTenantHasTheSameContent() {
    var tenant = fixture.register("same", SHARDED);
    fixture.store(tenant, CONTENT);
    fixture.open(tenant, false, false, false);
    fixture.complete(tenant, ImportFixture.file("same", CONTENT), 2);
    fixture.takeOver(tenant).finish();
    assertEquals("{\"order\":210} true", result(tenant));
    assertEquals(Optional.empty(), fixture.operations.document(tenant, ".imported#1"));
    assertEquals(fixture.expected(tenant, CONTENT), fixture.items(tenant));
  }

  @Test
  void rejectsAFileThatDiffersFromTheContent() {
    var tenant = fixture.register("differs", POOL);
    fixture.store(tenant, FORMER);
    fixture.open(tenant, false, false, false);
    fixture.complete(tenant, ImportFixture.file("differs", FORMER.subList(0, 2)), 1);
    fixture.takeOver(tenant).finish();
    assertFailed(tenant, "import-differs", "The tenant has content that differs from the file.");
  }

  @Test
  void aMarkThatAppearedMeanwhileIsAnItem() {
    var tenant = fixture.register("marked", POOL);
    fixture.open(tenant, false, false, true);
    fixture.store(tenant, mark(tenant));
    fixture.complete(tenant, ImportFixture.file("marked", FORMER), 1);
    fixture.takeOver(tenant).finish();
    assertFailed(
        tenant,
        "tenant-not-empty",
        "The tenant has items that were written after the import began.");
  }

  @Test
  void anItemThatAppearsDuringTheWritesIsKept() {
    var tenant = fixture.register("late", POOL);
    var other = new StoredItem(new Key("order", "o0150"), 1, Optional.empty(), "{\"other\":true}");
    fixture.open(tenant, false, false, true);
    fixture.complete(tenant, ImportFixture.file("late", CONTENT), 1);
    var instance = fixture.takeOver(tenant);
    while (!operation(tenant).state().equals("writing")) {
      instance.step();
    }
    fixture.store(tenant, List.of(other));
    instance.finish();
    assertFailed(
        tenant,
        "tenant-not-empty",
        "The tenant has items that were written after the import began.");
    assertTrue(fixture.items(tenant).containsAll(fixture.expected(tenant, List.of(other))));
    assertEquals(1, fixture.items(tenant).stream().filter(item -> item.containsKey("doc")).count());
  }

  @Test
  void rejectsTheFileOfAnotherTenantAndOfAnotherService() {
    var tenant = fixture.register("own", POOL);
    fixture.open(tenant, false, false, true);
    fixture.complete(tenant, ImportFixture.file("acme", FORMER), 1);
    fixture.takeOver(tenant).finish();
    assertFailed(
        tenant, "other-tenant", "The file is of another tenant. Open the import with clone=true.");
    var file =
        new String(ImportFixture.file("own", FORMER), java.nio.charset.StandardCharsets.UTF_8);
    fixture.complete(
        tenant,
        file.replace("\"service\":\"orders\"", "\"service\":\"memos\"")
            .getBytes(java.nio.charset.StandardCharsets.UTF_8),
        1);
    fixture.takeOver(tenant).finish();
    assertFailed(tenant, "import-invalid", "Line 1 names another service.");
  }

  @Test
  void aDamagedFileChangesNothingAndItsPartsCanBeReplaced() {
    var tenant = fixture.register("damaged", POOL);
    fixture.open(tenant, false, false, true);
    var file = ImportFixture.file("damaged", CONTENT);
    var damaged = file.clone();
    damaged[file.length - 20] ^= 1;
    fixture.complete(tenant, damaged, 3);
    fixture.takeOver(tenant).finish();
    assertFailed(tenant, "import-invalid", "Line 212 states another hash than the file has.");
    assertFalse(fixture.items(tenant).stream().anyMatch(item -> item.containsKey("doc")));
    fixture.complete(tenant, file, 3);
    fixture.takeOver(tenant).finish();
    assertEquals(fixture.expected(tenant, CONTENT), fixture.items(tenant));
  }

  @Test
  void aReplacementKeepsTheMarksAndEveryOtherTenant() {
    var tenant = fixture.register("acme", SHARDED);
    var neighbour = fixture.register("acme2", SHARDED);
    fixture.store(tenant, FORMER);
    var mark = new java.util.HashMap<>(mark(tenant));
    mark.put("pk", AttributeValue.fromS("acme.1"));
    fixture.store(tenant, mark);
    var record = new java.util.HashMap<>(mark);
    record.put("sk", AttributeValue.fromS("idempotency#k"));
    record.put("ttl", AttributeValue.fromN("1796000000"));
    fixture.store(tenant, record);
    fixture.store(neighbour, FORMER);
    var neighbours = fixture.items(neighbour);
    fixture.open(tenant, false, true, false);
    fixture.complete(tenant, ImportFixture.file("acme", CONTENT), 2);
    fixture.takeOver(tenant).finish();
    var items = new ArrayList<>(fixture.items(tenant));
    assertTrue(items.remove(mark), "the mark is kept");
    assertEquals(fixture.expected(tenant, CONTENT), items);
    assertEquals(neighbours, fixture.items(neighbour));
    assertEquals(
        List.of(
            "/tenants/acme checked writing",
            "/tenants/acme switched switching",
            "/tenants/acme imported clearing"),
        fixture.audited);
  }

  @Test
  void eachReplacementHasTheNextRevision() {
    var tenant = fixture.register("often", SHARDED);
    var contents = List.of(CONTENT, FORMER, CONTENT.subList(0, 5));
    for (var i = 0; i < contents.size(); i++) {
      fixture.open(tenant, false, true, false);
      fixture.complete(tenant, ImportFixture.file("often", contents.get(i)), 1);
      fixture.takeOver(tenant).finish();
      assertEquals(i + 2, fixture.registry.find(tenant).orElseThrow().contentRevision());
      assertEquals(fixture.expected(tenant, contents.get(i)), fixture.items(tenant));
    }
  }

  /** Items are written to the revision that the tenant has, also if its content is deleted. */
  @Test
  void anImportWithoutReplacementKeepsTheRevision() {
    var tenant = fixture.register("kept", POOL);
    for (var content : List.of(FORMER, List.<StoredItem>of())) {
      fixture.open(tenant, false, true, false);
      fixture.complete(tenant, ImportFixture.file("kept", content), 1);
      fixture.takeOver(tenant).finish();
    }
    fixture.open(tenant, false, false, true);
    fixture.complete(tenant, ImportFixture.file("kept", CONTENT), 1);
    fixture.takeOver(tenant).finish();
    assertEquals(3, fixture.registry.find(tenant).orElseThrow().contentRevision());
    assertEquals(fixture.expected(tenant, CONTENT), fixture.items(tenant));
    assertEquals(
        CONTENT.stream().map(StoredItem::document).toList(), fixture.visibleDocuments(tenant));
  }

  @Test
  void aReplacementThatDiffersFromItsFileDoesNotBecomeTheContent() {
    var tenant = fixture.register("damaged-item", SHARDED);
    fixture.store(tenant, FORMER);
    fixture.open(tenant, false, true, false);
    fixture.complete(tenant, ImportFixture.file("damaged-item", CONTENT), 1);
    var instance = fixture.takeOver(tenant);
    while (!operation(tenant).state().equals("verifying")) {
      instance.step();
    }
    var next = fixture.locations.of(fixture.tenant(tenant)).withContentRevision(2);
    var damaged = new java.util.HashMap<>(CONTENT.get(7).attributes(next));
    damaged.put("doc", AttributeValue.fromS("{}"));
    fixture.store(tenant, damaged);
    assertThrows(IllegalStateException.class, instance::step);
    assertEquals(1, fixture.registry.find(tenant).orElseThrow().contentRevision());
    var record = fixture.registry.find(tenant).orElseThrow();
    var before = operation(tenant);
    fixture.operations.update(before, instance.steps().cancelled(before, record));
    fixture.takeOver(tenant).finish();
    assertEquals(fixture.expected(tenant, FORMER), fixture.items(tenant));
  }

  @Test
  void anImportWithoutAPartForADayIsCancelled() {
    var tenant = fixture.register("idle", POOL);
    var opened = fixture.open(tenant, false, false, true);
    fixture.complete(tenant, ImportFixture.file("idle", FORMER).clone(), 1);
    var received = operation(tenant).inState("receiving").free();
    fixture.operations.update(operation(tenant), received);
    var instance = fixture.takeOver(tenant);
    assertFalse(instance.steps().isDue(opened));
    fixture.clock.advance(Duration.ofHours(24).minusSeconds(1));
    assertFalse(instance.steps().isDue(opened));
    fixture.clock.advance(Duration.ofSeconds(1));
    assertTrue(instance.steps().isDue(opened));
    instance.finish();
    assertEquals(List.of(), fixture.items(tenant));
    assertEquals(Optional.empty(), fixture.operations.find(tenant));
  }
}
