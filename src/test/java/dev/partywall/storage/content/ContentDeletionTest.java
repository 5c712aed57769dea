package dev.partywall.storage.content;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.local.LocalDynamo;
import dev.partywall.storage.FaultInjectingClient;
import dev.partywall.storage.Item;
import dev.partywall.storage.Key;
import dev.partywall.storage.PlacementKind;
import dev.partywall.storage.TableFixture;
import dev.partywall.storage.Write;
import dev.partywall.storage.WriteCondition;
import dev.partywall.storage.content.ContentDeletion.Result;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
class ContentDeletionTest {
  private final TableFixture fixture;
  private final DynamoDbClient direct;
  private static final Instant EXPIRY = Instant.parse("2030-01-01T00:00:00Z");

  private final ProgressItem progress;
  private final ContentDeletion content;

  ContentDeletionTest(LocalDynamo dynamo) throws IOException {
    fixture = new TableFixture(dynamo, PlacementKind.POOL);
    direct = dynamo.client();
    progress = new ProgressItem(fixture.client, fixture.placements.locations());
    content = new ContentDeletion(fixture.client, fixture.placements.locations());
  }

  @AfterEach
  void close() throws IOException {
    direct.close();
    fixture.close();
  }

  private OperationProgress fence(long epoch) {
    return fixture.as(() -> progress.fence("o-1", epoch, () -> {}, EXPIRY)).orElseThrow();
  }

  private Result deletePage(OperationProgress before, DeletedItems deleted) {
    return fixture.as(() -> content.deletePage(before, deleted));
  }

  private void write(Item item) {
    fixture.as(() -> fixture.table.write(Write.put(item, new WriteCondition.None())));
  }

  private void writeOrder(String id) {
    write(Item.of(new Key("order", id), "{}"));
  }

  private void writeExpiring(String id) {
    var expiry = fixture.clock.instant().plus(Duration.ofHours(24));
    write(Item.of(new Key("idempotency", id), "{}").withExpiry(expiry));
  }

  @Test
  void countsAnItemThatDynamoDbDeletesDuringAPageInNoPage() {
    writeOrder("o-1");
    writeExpiring("k-1");
    writeExpiring("k-2");
    var begin = fence(1);
    fixture.proxy.handleOperationWith(
        "TransactWriteItems",
        upstream -> {
          deleteDirectly("idempotency#k-1");
          fixture.proxy.handleOperationWith("TransactWriteItems", FaultInjectingClient.FORWARD);
          return FaultInjectingClient.FORWARD.handle(upstream);
        });
    assertEquals(new Result.Rejected(), deletePage(begin, DeletedItems.NONE));
    assertEquals(begin, fixture.as(progress::find).orElseThrow());
    var items = ((Result.Deleted) deletePage(begin, DeletedItems.NONE)).items();
    assertEquals(Map.of("order", 1L), items.collections());
    assertEquals(1, items.expiring());
  }

  private void deleteDirectly(String sortKey) {
    direct.deleteItem(delete ->
        delete
            .tableName(fixture.placements.pool())
            .key(Map.of("pk", AttributeValue.fromS("acme"), "sk", AttributeValue.fromS(sortKey))));
  }

  @Test
  void anEarlierOwnerDeletesNothing() {
    writeOrder("o-1");
    var begin = fence(1);
    fence(2);
    assertEquals(new Result.Rejected(), deletePage(begin, DeletedItems.NONE));
    assertTrue(fixture.as(() -> fixture.table.get(new Key("order", "o-1"))).isPresent());
  }

  @Test
  void onlyTheProgressIsLeftAtTheEnd() {
    writeOrder("o-1");
    var deleted = (Result.Deleted) deletePage(fence(1), DeletedItems.NONE);
    assertEquals(new Result.Empty(), deletePage(deleted.progress(), deleted.items()));
    assertFalse(fixture.as(() -> content.isEmpty()));
    fixture.as(() -> Pages.isWritten(fixture.client, List.of(progress.remove(deleted.progress()))));
    assertTrue(fixture.as(() -> content.isEmpty()));
  }

  @Test
  void theStoredValuesContainTheCounts() {
    writeOrder("o-1");
    writeExpiring("k-1");
    var deleted = (Result.Deleted) deletePage(fence(1), DeletedItems.NONE);
    var stored = fixture.as(progress::find).orElseThrow();
    assertEquals(deleted.items(), DeletedItems.of(stored.values()));
    assertEquals(2, deleted.items().total());
  }

  @Test
  void theHashIsThatOfTheKeysInTheirOrder() {
    writeOrder("o-2");
    writeOrder("o-1");
    writeExpiring("k-1");
    var deleted = (Result.Deleted) deletePage(fence(1), DeletedItems.NONE);
    // sha256(sha256(0^32 + "acme\0order#o-1") + "acme\0order#o-2"), computed by another program
    assertEquals(
        "7e450a7db2b441c41f47ba7b2e745e96a7bcd633ccc26df1cb2213f07d6655c2",
        deleted.items().keysSha256());
  }
}
