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
 * Without isolation layer 1: the attacking code has the DynamoDB client that the service wired, and
 * sends arbitrary requests. IAM enforcement rejects them before they reach the engine.
 */
@ExtendWith(SharedHouse.class)
class WallBlocksTest {
  private final House fixture;

  WallBlocksTest(House fixture) {
    this.fixture = fixture;
  }

  static List<Named<List<Prying>>> catalogue() {
    return List.of(
        Named.of("items under a foreign key", WallTricks.ITEMS),
        Named.of("queries of a foreign partition", WallTricks.QUERIES),
        Named.of("one foreign item in a batch of own items", MixedTricks.BATCHES),
        Named.of("PartiQL", MixedTricks.PARTIQL),
        Named.of("table operations", TableTricks.ALL));
  }

  @ParameterizedTest
  @MethodSource("catalogue")
  void blocksCrossTenantAccessWithTheTenantsOwnClientBy(List<Prying> calls) throws Exception {
    warmUp();
    var recorder = fixture.aws().aws().recorder();
    recorder.clear();
    Gang.pry(fixture, calls);
    fixture.takeStock();
    assertEquals(List.of(), List.copyOf(fixture.findings().breaches()));
    // Meanwhile, the service counts the tenants' own orders with queries.
    var passes =
        recorder.passes().stream().filter(this::isTenantRole).map(Pass::operation).distinct();
    assertEquals(List.of(), passes.filter(operation -> !operation.equals("Query")).toList());
  }

  private boolean isTenantRole(Pass pass) {
    return pass.principal().contains(fixture.aws().template().name("TenantRole"));
  }

  /**
   * Obtains credentials for every tenant. The service's check of its tables is complete by then.
   */
  private void warmUp() {
    fixture
        .residents()
        .forEach(tenant -> as(tenant, () -> fixture.crowbar().credentials().resolveCredentials()));
  }

  private static <T> T as(Resident tenant, java.util.function.Supplier<T> work) {
    return TenantContext.call(tenant.tenant(), work::get);
  }

  @Test
  void allowsTheSameCallsOnOwnItems() {
    for (var tenant : fixture.residents()) {
      for (var key : tenant.home().partitionKeys()) {
        var request = WallTricks.query(tenant.home().table(), key).build();
        as(tenant, () -> fixture.crowbar().whole().query(request));
        as(
            tenant,
            () -> fixture.crowbar().whole().query(request.toBuilder().indexName("by-i1").build()));
      }
    }
  }

  @Test
  void theServicesClientSupportsOnlyThreeOperations() {
    var restricted = fixture.crowbar().narrow();
    var scene = Gang.scenes(fixture).getFirst();
    var otherCalls = List.of(TableTricks.ALL.getFirst(), MixedTricks.PARTIQL.getFirst());
    for (var call : otherCalls) {
      assertThrows(
          UnsupportedOperationException.class,
          () -> as(scene.me(), () -> call.call().apply(restricted, scene)));
    }
  }

  @Test
  void sendsNothingFromAThreadWithoutABoundTenant() {
    var scene = Gang.scenes(fixture).getFirst();
    var get = WallTricks.ITEMS.getFirst();
    var unbound =
        as(
            scene.me(),
            () ->
                CompletableFuture.supplyAsync(
                    () -> get.call().apply(fixture.crowbar().whole(), scene)));
    var e = assertThrows(CompletionException.class, unbound::join);
    assertTrue(e.getCause() instanceof IllegalStateException, e::toString);
  }

  @Test
  void rejectsAKeyBuiltForOneTenantOnAThreadOfAnotherTenant() {
    for (var scene : Gang.scenes(fixture)) {
      var own = WallTricks.query(scene.me().home().table(), scene.myKey()).build();
      var outcome = as(scene.them(), () -> Eye.outcome(() -> fixture.crowbar().whole().query(own)));
      assertEquals("AccessDeniedException", outcome);
    }
  }
}
