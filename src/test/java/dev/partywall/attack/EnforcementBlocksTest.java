package dev.partywall.attack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.local.aws.iam.AwsCallRecorder.ForwardedOperation;
import dev.partywall.tenancy.TenantContext;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Without isolation layer 1: the attacking code has the DynamoDB client that the service wired, and
 * sends arbitrary requests. IAM enforcement rejects them before they reach the engine.
 */
@WithAttackFixture
class EnforcementBlocksTest {
  private final AttackFixture fixture;

  EnforcementBlocksTest(AttackFixture fixture) {
    this.fixture = fixture;
  }

  static List<Named<List<CrossTenantCall>>> catalogue() {
    return List.of(
        Named.of("items under a foreign key", PolicyAttacks.ITEMS),
        Named.of("queries of a foreign partition", PolicyAttacks.QUERIES),
        Named.of("one foreign item in a batch of own items", MixedAttacks.BATCHES),
        Named.of("PartiQL", MixedAttacks.PARTIQL),
        Named.of("table operations", TableAttacks.ALL));
  }

  @ParameterizedTest
  @MethodSource("catalogue")
  void blocksCrossTenantAccessWithTheTenantsOwnClientBy(List<CrossTenantCall> calls)
      throws Exception {
    warmUp();
    var recorder = fixture.aws().aws().recorder();
    recorder.clear();
    AttackWorkers.runCalls(fixture, calls);
    fixture.checkTables();
    assertEquals(List.of(), List.copyOf(fixture.findings().reported()));
    // Meanwhile, the service counts the tenants' own orders with queries.
    var passes =
        recorder.forwardedOperations().stream()
            .filter(this::isTenantRole)
            .map(ForwardedOperation::operation)
            .distinct();
    assertEquals(List.of(), passes.filter(operation -> !operation.equals("Query")).toList());
  }

  private boolean isTenantRole(ForwardedOperation pass) {
    return pass.principal().contains(fixture.aws().template().name("TenantRole"));
  }

  /**
   * Obtains credentials for every tenant. The service's check of its tables is complete by then.
   */
  private void warmUp() {
    fixture
        .tenants()
        .forEach(
            tenant -> as(tenant, () -> fixture.rawClient().credentials().resolveCredentials()));
  }

  private static <T> T as(SeededTenant tenant, java.util.function.Supplier<T> work) {
    return TenantContext.call(tenant.asTenant(), work::get);
  }

  @Test
  void allowsTheSameCallsOnOwnItems() {
    for (var tenant : fixture.tenants()) {
      for (var key : tenant.location().partitionKeys()) {
        var request = PolicyAttacks.query(tenant.location().table(), key).build();
        as(tenant, () -> fixture.rawClient().unrestricted().query(request));
        as(
            tenant,
            () ->
                fixture
                    .rawClient()
                    .unrestricted()
                    .query(request.toBuilder().indexName("by-i1").build()));
      }
    }
  }

  @Test
  void theServicesClientSupportsOnlyThreeOperations() {
    var restricted = fixture.rawClient().restricted();
    var scene = AttackWorkers.scenes(fixture).getFirst();
    var otherCalls = List.of(TableAttacks.ALL.getFirst(), MixedAttacks.PARTIQL.getFirst());
    for (var call : otherCalls) {
      assertThrows(
          UnsupportedOperationException.class,
          () -> as(scene.attacker(), () -> call.call().apply(restricted, scene)));
    }
  }

  @Test
  void sendsNothingFromAThreadWithoutABoundTenant() {
    var scene = AttackWorkers.scenes(fixture).getFirst();
    var get = PolicyAttacks.ITEMS.getFirst();
    var unbound =
        as(
            scene.attacker(),
            () ->
                CompletableFuture.supplyAsync(
                    () -> get.call().apply(fixture.rawClient().unrestricted(), scene)));
    var e = assertThrows(CompletionException.class, unbound::join);
    assertTrue(e.getCause() instanceof IllegalStateException, e::toString);
  }

  @Test
  void rejectsAKeyBuiltForOneTenantOnAThreadOfAnotherTenant() {
    for (var scene : AttackWorkers.scenes(fixture)) {
      var own =
          PolicyAttacks.query(scene.attacker().location().table(), scene.attackerKey()).build();
      var outcome =
          as(
              scene.target(),
              () -> ResponseProbe.outcome(() -> fixture.rawClient().unrestricted().query(own)));
      assertEquals("AccessDeniedException", outcome);
    }
  }
}
