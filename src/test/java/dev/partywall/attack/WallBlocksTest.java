package dev.partywall.attack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.local.aws.iam.Recorder.Pass;
import dev.partywall.tenancy.TenantContext;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The first lock is gone: code holds the very client that the service wired, and says to DynamoDB
 * whatever it likes. DynamoDB refuses, and its engine never hears of it.
 */
@ExtendWith(SharedHouse.class)
class WallBlocksTest {
  private final House house;

  WallBlocksTest(House house) {
    this.house = house;
  }

  static List<Named<List<Prying>>> catalogue() {
    return List.of(
        Named.of("items by a wrong key", WallTricks.ITEMS),
        Named.of("queries of a wrong partition", WallTricks.QUERIES),
        Named.of("one foreign item among own ones", MixedTricks.BATCHES),
        Named.of("PartiQL", MixedTricks.PARTIQL),
        Named.of("whole tables", TableTricks.ALL));
  }

  @ParameterizedTest
  @MethodSource("catalogue")
  void aTenantsOwnClientReachesNobodyElseBy(List<Prying> pryings) throws Exception {
    warmUp();
    var recorder = house.aws().aws().recorder();
    recorder.clear();
    Gang.pry(house, pryings);
    house.takeStock();
    assertEquals(List.of(), List.copyOf(house.findings().breaches()));
    // The service counts a tenant's own orders meanwhile.
    var passes =
        recorder.passes().stream().filter(this::isATenants).map(Pass::operation).distinct();
    assertEquals(List.of(), passes.filter(it -> !it.equals("Query")).toList());
  }

  private boolean isATenants(Pass pass) {
    return pass.principal().contains(house.aws().template().name("TenantRole"));
  }

  /** Everybody has credentials, and the service's own look at its tables is over. */
  private void warmUp() {
    house
        .residents()
        .forEach(it -> as(it, () -> house.crowbar().credentials().resolveCredentials()));
  }

  private static <T> T as(Resident resident, java.util.function.Supplier<T> work) {
    return TenantContext.call(resident.tenant(), work::get);
  }

  @Test
  void theSameCallsOnOwnItemsAreLetThrough() {
    for (var resident : house.residents()) {
      for (var key : resident.home().partitionKeys()) {
        var request = WallTricks.query(resident.home().table(), key).build();
        as(resident, () -> house.crowbar().whole().query(request));
        as(
            resident,
            () -> house.crowbar().whole().query(request.toBuilder().indexName("by-i1").build()));
      }
    }
  }

  @Test
  void theClientThatTheServiceUsesKnowsThreeOperationsAndNoOthers() {
    var narrow = house.crowbar().narrow();
    var scene = Gang.scenes(house).getFirst();
    var others = List.of(TableTricks.ALL.getFirst(), MixedTricks.PARTIQL.getFirst());
    for (var prying : others) {
      assertThrows(
          UnsupportedOperationException.class,
          () -> as(scene.me(), () -> prying.call().apply(narrow, scene)));
    }
  }

  @Test
  void aThreadThatNoTenantIsBoundToSendsNothing() {
    var scene = Gang.scenes(house).getFirst();
    var get = WallTricks.ITEMS.getFirst();
    var lost =
        as(
            scene.me(),
            () ->
                CompletableFuture.supplyAsync(
                    () -> get.call().apply(house.crowbar().whole(), scene)));
    var e = assertThrows(CompletionException.class, lost::join);
    assertTrue(e.getCause() instanceof IllegalStateException, e::toString);
  }

  @Test
  void aKeyThatWasBuiltForOneTenantIsOfNoUseOnAThreadOfAnothers() {
    for (var scene : Gang.scenes(house)) {
      var own = WallTricks.query(scene.me().home().table(), scene.myKey()).build();
      var outcome = as(scene.them(), () -> Eye.outcome(() -> house.crowbar().whole().query(own)));
      assertEquals("AccessDeniedException", outcome);
    }
  }
}
