package dev.partywall.operations.lifecycle;

import static dev.partywall.registry.RegistryFixture.ACME;
import static dev.partywall.registry.RegistryFixture.NOON;
import static dev.partywall.registry.RegistryFixture.tenant;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.concurrent.Conditions;
import dev.partywall.local.LocalDynamo;
import dev.partywall.registry.RegistryFixture;
import dev.partywall.tenancy.OperationKind;
import dev.partywall.tenancy.TenantRecord;
import dev.partywall.tenancy.TestExecution;
import dev.partywall.tenancy.registry.Operation;
import dev.partywall.tenancy.registry.Operation.Ownership;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Two instances, of which one cannot execute the steps of an operation. */
@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
class BlockedOwnerTest {
  private static final TenantRecord TENANT = tenant(ACME);
  private static final Optional<String> REASON = Optional.of("The setting is missing.");

  private final StubSteps blockedSteps = StubSteps.executable(OperationKind.IMPORT);
  private RegistryFixture fixture;
  private OperationRunner blocked;
  private OperationRunner healthy;

  @BeforeEach
  void open(LocalDynamo dynamo) throws IOException {
    fixture = new RegistryFixture(dynamo);
    fixture.registry.create(TENANT, Optional.empty());
    blocked = runner(blockedSteps);
    healthy = runner(StubSteps.executable(OperationKind.IMPORT));
  }

  @AfterEach
  void close() throws IOException {
    blocked.close();
    healthy.close();
    fixture.close();
  }

  private OperationRunner runner(StubSteps steps) {
    return new OperationRunner(
        fixture.registry.operations(),
        fixture.registry,
        List.of(steps),
        TestExecution::create,
        () -> UUID.randomUUID().toString(),
        fixture.nanoClock::get);
  }

  private Operation begin() {
    var operation = Operation.begun(TENANT, OperationKind.IMPORT, "o-1", "one", "olga", NOON);
    var during = TENANT.withOperation(Optional.of(OperationKind.IMPORT));
    fixture.registry.operations().begin(operation, TENANT, during);
    return stored();
  }

  private Operation stored() {
    return fixture.registry.operations().find(ACME).orElseThrow();
  }

  private static void await(BooleanSupplier condition) {
    Conditions.await(condition, "the operation does not proceed");
  }

  private void awaitReason() {
    await(() -> stored().progress().reason().equals(REASON));
  }

  private void awaitOwner(long epoch) {
    await(() -> stored().ownership().epoch() == epoch);
  }

  @Test
  void anOwnerThatCannotContinueLeavesTheOperationToAnotherInstance() {
    blocked.start(begin());
    awaitOwner(1);
    blockedSteps.obstacle().set(REASON);
    awaitReason();
    assertTrue(stored().ownership().isFree());
    for (var i = 0; i < 5; i++) {
      blocked.pass();
    }
    blocked.close(); // waits for its threads
    assertEquals(new Ownership(1, ""), stored().ownership());
    healthy.pass();
    awaitOwner(2);
    assertEquals(Optional.empty(), stored().progress().reason());
  }

  @Test
  void anInstanceThatCannotContinueShowsTheReasonAndTakesNothingOver() {
    blockedSteps.obstacle().set(REASON);
    blocked.start(begin());
    awaitReason();
    assertEquals(Ownership.NONE, stored().ownership());
    blockedSteps.obstacle().set(Optional.empty());
    await(() -> {
      blocked.pass();
      return stored().ownership().epoch() == 1;
    });
    assertEquals(Optional.empty(), stored().progress().reason());
  }
}
