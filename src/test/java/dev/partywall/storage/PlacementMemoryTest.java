package dev.partywall.storage;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.http.Refused;
import dev.partywall.local.LocalDynamo;
import dev.partywall.tenancy.Placement;
import dev.partywall.tenancy.Placement.Pool;
import dev.partywall.tenancy.Placement.ShardedPool;
import dev.partywall.tenancy.Placement.Silo;
import dev.partywall.tenancy.Placements;
import dev.partywall.tenancy.TenantId;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

@ExtendWith(LocalDynamo.Shared.class)
class PlacementMemoryTest {
  private static final Duration LONG = Duration.ofMinutes(1);

  private static final TenantId ACME = new TenantId("acme");
  private static final TenantId GLOBEX = new TenantId("globex");

  private final Between between;
  private final DynamoDbClient client;
  private final String prefix;

  PlacementMemoryTest(LocalDynamo dynamo) throws IOException {
    between = new Between(dynamo);
    client = between.client();
    prefix = dynamo.freshPrefix();
    memory(Map.of()).createMissing();
    memory(Map.of()).createMissing();
  }

  @AfterEach
  void close() throws IOException {
    client.close();
    between.close();
  }

  @Test
  void whoStaysWhereHeIsMayBeNamedOrNot() throws PlacementsChanged {
    memory(Map.of(ACME, new Silo(), GLOBEX, new Pool())).look().await(LONG);
    memory(Map.of(ACME, new Silo())).look().await(LONG);
    memory(Map.of(ACME, new Silo(), new TenantId("initech"), new ShardedPool(3)))
        .look()
        .await(LONG);
  }

  @Test
  void whoMovedIsToldAndIsRememberedAsBefore() throws PlacementsChanged {
    memory(Map.of(ACME, new ShardedPool(3))).look().await(LONG);
    for (var moved :
        List.<Map<TenantId, Placement>>of(
            Map.of(),
            Map.of(ACME, new Pool()),
            Map.of(ACME, new Silo()),
            Map.of(ACME, new ShardedPool(4), GLOBEX, new Silo()))) {
      var told =
          assertThrows(PlacementsChanged.class, () -> memory(moved).look().await(LONG)).toString();
      assertTrue(told.contains("acme lives in: pool with 3 shards, and not in: "), told);
    }
    memory(Map.of(ACME, new ShardedPool(3), GLOBEX, new Pool())).look().await(LONG);
  }

  @Test
  void whoHasBeenMovedWithHisDataIsTakenAtHisWordOnceHeIsForgotten() throws PlacementsChanged {
    memory(Map.of(ACME, new Pool())).look().await(LONG);
    client.deleteItem(it ->
        it.tableName(prefix + "tenants")
            .key(
                Map.of(
                    "pk", AttributeValue.fromS("placements"), "sk", AttributeValue.fromS("acme"))));
    memory(Map.of(ACME, new Silo())).look().await(LONG);
  }

  @Test
  void whereTheTableCantBeReadAtTheStartItIsDoneLater() throws PlacementsChanged {
    memory(Map.of(ACME, new Silo())).look().await(LONG);
    var moved = memory(Map.of(ACME, new Pool()));
    between.let(Between.refused(500, "InternalServerError"));
    assertDoesNotThrow(() -> moved.look().await(LONG));
    assertThrows(Refused.class, moved::faults);
    between.let(Between.THROUGH);
    assertEquals(1, moved.faults().size());
    assertEquals(1, moved.faults().size());
  }

  @Test
  void onceAllIsWellNobodyAsksAgain() {
    var memory = memory(Map.of(ACME, new Silo()));
    assertEquals(List.of(), memory.faults());
    var calls = between.calls().size();
    assertEquals(List.of(), memory.faults());
    assertEquals(calls, between.calls().size());
  }

  @Test
  void ofTwoThatNameATenantForTheFirstTimeTheFirstCounts() {
    var second = memory(Map.of(ACME, new Pool()));
    between.letNext(way -> {
      var nobody = way.send();
      memory(Map.of(ACME, new Silo())).faults();
      return Optional.of(nobody);
    });
    assertThrows(PlacementsChanged.class, () -> second.look().await(LONG));
  }

  @Test
  void aTableThatIsMissingIsAFault() {
    var elsewhere = new PlacementMemory(client, "nowhere-", Placements.pool("nowhere-"));
    assertDoesNotThrow(() -> elsewhere.look().await(LONG));
    assertEquals(List.of("table nowhere-tenants is missing"), elsewhere.faults());
  }

  private PlacementMemory memory(Map<TenantId, Placement> named) {
    return new PlacementMemory(client, prefix, new Placements(prefix, named));
  }
}
