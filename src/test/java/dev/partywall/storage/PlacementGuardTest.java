package dev.partywall.storage;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.error.ApiException;
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

@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
class PlacementGuardTest {
  private static final Duration TIMEOUT = Duration.ofMinutes(1);

  private static final TenantId ACME = new TenantId("acme");
  private static final TenantId GLOBEX = new TenantId("globex");

  private final FaultInjectingClient proxy;
  private final DynamoDbClient client;
  private final String prefix;

  PlacementGuardTest(LocalDynamo dynamo) throws IOException {
    proxy = new FaultInjectingClient(dynamo);
    client = proxy.client();
    prefix = dynamo.uniquePrefix();
    guard(Map.of()).createMissing();
    guard(Map.of()).createMissing();
  }

  @AfterEach
  void close() throws IOException {
    client.close();
    proxy.close();
  }

  @Test
  void acceptsUnchangedPlacements() throws PlacementMismatchException {
    guard(Map.of(ACME, new Silo(), GLOBEX, new Pool())).startCheck().await(TIMEOUT);
    guard(Map.of(ACME, new Silo())).startCheck().await(TIMEOUT);
    guard(Map.of(ACME, new Silo(), new TenantId("initech"), new ShardedPool(3)))
        .startCheck()
        .await(TIMEOUT);
  }

  @Test
  void rejectsChangedPlacementsAndKeepsTheRecord() throws PlacementMismatchException {
    guard(Map.of(ACME, new ShardedPool(3))).startCheck().await(TIMEOUT);
    for (var changed :
        List.<Map<TenantId, Placement>>of(
            Map.of(),
            Map.of(ACME, new Pool()),
            Map.of(ACME, new Silo()),
            Map.of(ACME, new ShardedPool(4), GLOBEX, new Silo()))) {
      var message =
          assertThrows(
                  PlacementMismatchException.class,
                  () -> guard(changed).startCheck().await(TIMEOUT))
              .toString();
      assertTrue(
          message.contains("acme is recorded in: pool with 3 shards, but configured in: "),
          message);
    }
    guard(Map.of(ACME, new ShardedPool(3), GLOBEX, new Pool())).startCheck().await(TIMEOUT);
  }

  @Test
  void acceptsANewPlacementAfterItsRecordIsDeleted() throws PlacementMismatchException {
    guard(Map.of(ACME, new Pool())).startCheck().await(TIMEOUT);
    client.deleteItem(request ->
        request
            .tableName(prefix + "tenants")
            .key(
                Map.of(
                    "pk", AttributeValue.fromS("placements"), "sk", AttributeValue.fromS("acme"))));
    guard(Map.of(ACME, new Silo())).startCheck().await(TIMEOUT);
  }

  @Test
  void repeatsTheCheckWhenTheTableWasUnreadableAtStartup() throws PlacementMismatchException {
    guard(Map.of(ACME, new Silo())).startCheck().await(TIMEOUT);
    var changed = guard(Map.of(ACME, new Pool()));
    proxy.handleWith(FaultInjectingClient.replyWithError(500, "InternalServerError"));
    assertDoesNotThrow(() -> changed.startCheck().await(TIMEOUT));
    assertThrows(ApiException.class, changed::verify);
    assertThrows(ApiException.class, changed::faults);
    proxy.handleWith(FaultInjectingClient.FORWARD);
    assertEquals(1, changed.verify().size());
    assertEquals(1, changed.verify().size());
    assertEquals(changed.verify(), changed.faults());
  }

  @Test
  void recordsPlacementsOnlyWhenItVerifiesThem() {
    var guard = guard(Map.of(ACME, new Silo()));
    assertEquals(List.of("table " + prefix + "tenants is not verified yet"), guard.faults());
    assertEquals(List.of(), guard(Map.of(ACME, new Pool())).verify()); // no record contradicts it
    assertEquals(1, guard.verify().size());
  }

  @Test
  void readsNothingAfterASuccessfulCheck() {
    var guard = guard(Map.of(ACME, new Silo()));
    assertEquals(List.of(), guard.verify());
    var calls = proxy.calls().size();
    assertEquals(List.of(), guard.verify());
    assertEquals(List.of(), guard.faults());
    assertEquals(calls, proxy.calls().size());
  }

  @Test
  void theFirstOfTwoConcurrentRecordsWins() {
    var second = guard(Map.of(ACME, new Pool()));
    proxy.handleNextWith(upstream -> {
      var noRecords = upstream.send();
      guard(Map.of(ACME, new Silo())).verify();
      return Optional.of(noRecords);
    });
    assertThrows(PlacementMismatchException.class, () -> second.startCheck().await(TIMEOUT));
  }

  @Test
  void reportsAMissingTable() {
    var elsewhere =
        new PlacementGuard(client, "nowhere-", new Placements("nowhere-orders", Map.of()));
    assertDoesNotThrow(() -> elsewhere.startCheck().await(TIMEOUT));
    assertEquals(List.of("table nowhere-tenants is missing"), elsewhere.verify());
    assertEquals(List.of("table nowhere-tenants is missing"), elsewhere.faults());
  }

  private PlacementGuard guard(Map<TenantId, Placement> named) {
    return new PlacementGuard(client, prefix, new Placements(prefix + "orders", named));
  }
}
