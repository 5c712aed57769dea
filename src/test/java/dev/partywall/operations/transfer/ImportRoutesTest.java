package dev.partywall.operations.transfer;

import static dev.partywall.operations.transfer.ImportFixture.NOW;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
import dev.partywall.http.Body;
import dev.partywall.http.Headers;
import dev.partywall.http.Match;
import dev.partywall.http.Request;
import dev.partywall.http.RequestTarget;
import dev.partywall.http.Response;
import dev.partywall.local.LocalDynamo;
import dev.partywall.operations.lifecycle.OperationRunner;
import dev.partywall.operations.lifecycle.TenantOperations;
import dev.partywall.storage.content.StoredItem;
import dev.partywall.tenancy.OperationKind;
import dev.partywall.tenancy.Placement;
import dev.partywall.tenancy.TenantId;
import dev.partywall.tenancy.TenantStatus;
import dev.partywall.tenancy.TestExecution;
import dev.partywall.tenancy.registry.Operation;
import java.util.List;
import java.util.Map;
import java.util.stream.Gatherers;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/** Opens and completes imports without a running instance that executes their steps. */
@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
class ImportRoutesTest {
  private static final int OPEN = 0;
  private static final int COMPLETE = 2;
  private static final List<StoredItem> ITEMS = ImportFixture.orders(3, "{\"a\":1}");

  private final ImportFixture fixture;

  ImportRoutesTest(LocalDynamo dynamo) {
    this.fixture = new ImportFixture(dynamo);
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  /** Sends a request without a body to a route, by its position. */
  private Response send(int position, TenantId tenant) {
    var runner =
        new OperationRunner(
            fixture.operations,
            fixture.registry,
            List.of(),
            TestExecution::create,
            () -> "lease",
            System::nanoTime);
    var operations = new TenantOperations(fixture.operations, runner);
    var context = fixture.context(fixture.client);
    var route = ImportRoutes.of(fixture.registry, operations, context).get(position);
    var request =
        Request.of("POST", RequestTarget.ROOT, Headers.of(List.of()), new Body.Bytes(new byte[0]))
            .with(new Match.Found(route, Map.of("id", tenant.value())))
            .withSubject("olga");
    return TestExecution.create().call(() -> route.handler().handle(request));
  }

  private Operation operation(TenantId tenant) {
    return fixture.operations.find(tenant).orElseThrow();
  }

  /** Returns the parameter {@code empty} of an import that is opened now. */
  private boolean wasEmpty(TenantId tenant) {
    assertEquals(202, send(OPEN, tenant).status());
    return ImportState.is(operation(tenant), ImportState.WAS_EMPTY);
  }

  private void storeExpiring(String partition, int count) {
    var table = fixture.locations.pool();
    IntStream.range(0, count)
        .mapToObj(number ->
            Map.of(
                "pk", AttributeValue.fromS(partition),
                "sk", AttributeValue.fromS("idempotency#k%05d".formatted(number)),
                "f", AttributeValue.fromN("1"),
                "ttl", AttributeValue.fromN("1796000000")))
        .map(item -> WriteRequest.builder().putRequest(put -> put.item(item)).build())
        .gather(Gatherers.windowFixed(25))
        .forEach(batch ->
            fixture.client.batchWriteItem(write -> write.requestItems(Map.of(table, batch))));
  }

  @Test
  void aTenantWithOnlyRecordsThatExpireIsEmpty() {
    var tenant = fixture.register("acme", new Placement.Pool());
    storeExpiring("acme", 600);
    assertTrue(wasEmpty(tenant));
  }

  @Test
  void anItemBehindRecordsThatExpireIsFound() {
    var tenant = fixture.register("acme", new Placement.ShardedPool(2));
    storeExpiring("acme.0", 600);
    fixture.store(tenant, ITEMS);
    assertFalse(wasEmpty(tenant));
  }

  @Test
  void openingReadsABoundedNumberOfRecordsThatExpire() {
    var tenant = fixture.register("acme", new Placement.Pool());
    storeExpiring("acme", 1_001);
    assertFalse(wasEmpty(tenant));
  }

  @Test
  void theCompletionReadsAllRecordsThatExpire() {
    var tenant = fixture.register("acme", new Placement.Pool());
    storeExpiring("acme", 1_001);
    send(OPEN, tenant);
    fixture.complete(tenant, ImportFixture.file("acme", ITEMS), 1);
    fixture.takeOver(tenant).finish();
    assertTrue(fixture.items(tenant).containsAll(fixture.expected(tenant, ITEMS)));
    assertEquals(201, send(COMPLETE, tenant).status());
  }

  /** The result of an earlier import is not that of the cancelled one. */
  @Test
  void theCompletionOfACancelledImportIsAConflictAfterAnEarlierImport() {
    var tenant = fixture.register("acme", new Placement.Pool());
    fixture.open(tenant, false, false, true);
    fixture.complete(tenant, ImportFixture.file("acme", ITEMS), 1);
    fixture.takeOver(tenant).finish();
    assertEquals(201, send(COMPLETE, tenant).status());

    var open = fixture.open(tenant, false, false, false);
    var steps = new ImportSteps(fixture.context(fixture.client));
    var record = fixture.registry.find(tenant).orElseThrow();
    assertTrue(fixture.operations.update(open, steps.cancelled(open, record)));
    assertConflict("import-cancelled", "The import is being cancelled.", tenant);

    fixture.takeOver(tenant).finish();
    assertConflict("import-cancelled", "The import was cancelled.", tenant);
    assertEquals(fixture.expected(tenant, ITEMS), fixture.items(tenant));
  }

  @Test
  void theCompletionWithoutAnImportIsAConflict() {
    var tenant = fixture.register("acme", new Placement.Pool());
    assertConflict("import-not-open", "No import of the tenant is open.", tenant);
  }

  @Test
  void theOffboardingOfATenantRejectsAnImport() {
    var tenant = fixture.register("acme", new Placement.Pool());
    var record = fixture.registry.find(tenant).orElseThrow();
    fixture.operations.begin(
        Operation.begun(record, OperationKind.OFFBOARDING, "o", "retention", "olga", NOW),
        record,
        record.withStatus(TenantStatus.OFFBOARDING, NOW));
    var rejected = assertThrows(ApiException.class, () -> send(OPEN, tenant));
    assertEquals(
        "operation-in-progress",
        assertInstanceOf(ApiError.Conflict.class, rejected.error()).type());
  }

  private void assertConflict(String type, String detail, TenantId tenant) {
    var rejected = assertThrows(ApiException.class, () -> send(COMPLETE, tenant));
    assertEquals(new ApiError.Conflict(type, detail), rejected.error());
  }
}
