package dev.partywall.storage.content;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.local.LocalDynamo;
import dev.partywall.storage.Schema;
import dev.partywall.storage.TableProvisioning;
import dev.partywall.tenancy.Tenant;
import dev.partywall.tenancy.TenantContext;
import dev.partywall.tenancy.TenantId;
import dev.partywall.tenancy.TenantLocations;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
class ProgressItemTest {
  private static final Tenant ACME = new Tenant(new TenantId("acme"));
  private static final Instant EXPIRY = Instant.parse("2030-01-01T00:00:00Z");

  private DynamoDbClient client;
  private ProgressItem item;

  @BeforeEach
  void open(LocalDynamo dynamo) {
    client = dynamo.client();
    var table = dynamo.uniquePrefix() + "orders";
    new TableProvisioning(client, List.of(Schema.ofTenants(table))).createMissing();
    item = new ProgressItem(client, new TenantLocations(table));
  }

  private static <T> T inAcme(Supplier<T> work) {
    return TenantContext.call(ACME, work::get);
  }

  private OperationProgress fence(long epoch) {
    return inAcme(() -> item.fence("o-1", epoch, ProgressItemTest::unexpected, EXPIRY))
        .orElseThrow();
  }

  private boolean isWritten(OperationProgress before, OperationProgress after) {
    return inAcme(() -> Pages.isWritten(client, List.of(item.replace(before, after))));
  }

  private Optional<OperationProgress> stored() {
    return inAcme(item::find);
  }

  @Test
  void aPageReplacesTheProgressOnce() {
    var begin = fence(1);
    assertEquals(new OperationProgress("o-1", 1, 0, Map.of()), begin);
    var first = begin.next(Map.of("position", "order#1"));
    assertTrue(isWritten(begin, first));
    assertFalse(isWritten(begin, first));
    assertEquals(
        Optional.of(new OperationProgress("o-1", 1, 1, Map.of("position", "order#1"))), stored());
  }

  @Test
  void aNewOwnerContinuesAndTheFormerOneChangesNothing() {
    var begin = fence(1);
    var first = begin.next(Map.of("position", "order#1"));
    assertTrue(isWritten(begin, first));
    var taken = fence(2);
    assertEquals(new OperationProgress("o-1", 2, 1, Map.of("position", "order#1")), taken);
    assertFalse(isWritten(first, first.next(Map.of("position", "order#2"))));
    assertEquals(Optional.of(taken), stored());
    assertEquals(
        Optional.empty(), inAcme(() -> item.fence("o-1", 1, ProgressItemTest::unexpected, EXPIRY)));
  }

  @Test
  void anotherOperationStartsFromTheBegin() {
    var begin = fence(3);
    assertTrue(isWritten(begin, begin.next(Map.of("position", "order#1"))));
    assertEquals(
        Optional.of(new OperationProgress("o-2", 1, 0, Map.of())),
        inAcme(() -> item.fence("o-2", 1, () -> {}, EXPIRY)));
  }

  @Test
  void anOwnerWhoseOperationHasEndedDoesNotReplaceTheProgressOfTheNextOne() {
    var running = fence(1);
    var lost = new IllegalStateException("the lease is lost");
    assertEquals(
        lost,
        assertThrows(
            IllegalStateException.class,
            () ->
                inAcme(() ->
                    item.fence(
                        "o-0",
                        9,
                        () -> {
                          throw lost;
                        },
                        EXPIRY))));
    assertEquals(Optional.of(running), stored());
  }

  /** An owner that replaces its own progress, or that of a predecessor, checks its lease later. */
  private static void unexpected() {
    throw new AssertionError("the lease is checked too early");
  }

  @Test
  void onlyTheLatestProgressCanBeRemoved() {
    var begin = fence(1);
    var first = begin.next(Map.of());
    assertTrue(isWritten(begin, first));
    assertFalse(inAcme(() -> Pages.isWritten(client, List.of(item.remove(begin)))));
    assertTrue(inAcme(() -> Pages.isWritten(client, List.of(item.remove(first)))));
    assertEquals(Optional.empty(), stored());
  }
}
