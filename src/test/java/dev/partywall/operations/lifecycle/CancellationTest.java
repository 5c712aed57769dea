package dev.partywall.operations.lifecycle;

import static dev.partywall.registry.RegistryFixture.ACME;
import static dev.partywall.registry.RegistryFixture.NOON;
import static dev.partywall.registry.RegistryFixture.next;
import static dev.partywall.registry.RegistryFixture.tenant;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
import dev.partywall.local.LocalDynamo;
import dev.partywall.operations.lifecycle.TenantOperations.Cancellation;
import dev.partywall.registry.RegistryFixture;
import dev.partywall.storage.FaultInjectingClient;
import dev.partywall.tenancy.OperationKind;
import dev.partywall.tenancy.TenantRecord;
import dev.partywall.tenancy.TenantStatus;
import dev.partywall.tenancy.registry.Operation;
import dev.partywall.tenancy.registry.Operation.Ownership;
import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Cancellations of an operation that no instance executes. */
@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
class CancellationTest {
  private static final TenantRecord TENANT = tenant(ACME);

  /** Steps of a kind whose cancellation has no steps. */
  private static final class UncancellableSteps implements OperationSteps {
    @Override
    public OperationKind kind() {
      return OperationKind.IMPORT;
    }

    @Override
    public boolean isDue(Operation operation) {
      return false;
    }

    @Override
    public Step step(OwnedOperation operation) {
      throw new AssertionError("is not due");
    }
  }

  private RegistryFixture fixture;
  private TenantOperations operations;

  @BeforeEach
  void open(LocalDynamo dynamo) throws IOException {
    fixture = new RegistryFixture(dynamo);
    fixture.registry.create(TENANT, Optional.empty());
    operations = IdleOperations.of(fixture, OperationKind.IMPORT);
  }

  @AfterEach
  void close() throws IOException {
    fixture.close();
  }

  private Operation stored() {
    return fixture.registry.operations().find(ACME).orElseThrow();
  }

  private void begin(TenantRecord during) {
    var operation = Operation.begun(TENANT, OperationKind.IMPORT, "o-1", "one", "olga", NOON);
    operations.begin(operation, TENANT, during);
  }

  @Test
  void cancelsTheOperationOfTheVersion() {
    assertEquals(Cancellation.NONE, operations.cancel(TENANT));
    begin(TENANT.withOperation(Optional.of(OperationKind.IMPORT)));
    assertEquals(Cancellation.CANCELLED, operations.cancel(TENANT));
    assertEquals("end", stored().state());
    assertEquals(Cancellation.CANCELLED, operations.cancel(TENANT));
  }

  @Test
  void doesNotCancelTheOperationOfALaterVersion() {
    var later = next(TENANT, TenantStatus.SUSPENDED);
    begin(later);
    assertEquals(Cancellation.STALE, operations.cancel(TENANT));
    assertEquals("one", stored().state());
    assertEquals(Cancellation.CANCELLED, operations.cancel(later));
  }

  /** The cancellation of such a kind is the end of its operation, with a change of the record. */
  @Test
  void noStepContinuesAnOperationWithoutStepsForItsCancellation() {
    operations = IdleOperations.of(fixture, new UncancellableSteps());
    begin(TENANT.withOperation(Optional.of(OperationKind.IMPORT)));
    var rejected = assertThrows(ApiException.class, () -> operations.cancel(TENANT));
    assertEquals(
        new ApiError.Conflict(
            "operation-not-cancellable",
            "This instance does not cancel operations of the kind import."),
        rejected.error());
    assertEquals("one", stored().state());
  }

  /** The precondition of the request is evaluated first (RFC 9110, section 13.2.2). */
  @Test
  void theOperationOfALaterVersionDoesNotDetermineTheError() {
    var later = next(TENANT, TenantStatus.SUSPENDED);
    begin(later);
    var begun = stored();
    var store = fixture.registry.operations();
    assertTrue(store.update(begun, begun.inState(StubSteps.UNCANCELLABLE)));
    assertEquals(Cancellation.STALE, operations.cancel(TENANT));
    assertThrows(IllegalStateException.class, () -> operations.cancel(later));
  }

  /** The owner renews its lease after the cancellation has read the operation. */
  @Test
  void cancelsAnOperationWhoseOwnerRenewsItsLease() {
    begin(TENANT.withOperation(Optional.of(OperationKind.IMPORT)));
    var before = stored();
    var proxy = fixture.proxy;
    proxy.handleOperationWith(
        "TransactWriteItems",
        upstream -> {
          proxy.handleOperationWith("TransactWriteItems", FaultInjectingClient.FORWARD);
          var renewed = before.ownedBy(new Ownership(1, "renewed"));
          assertTrue(fixture.registry.operations().update(before, renewed));
          return FaultInjectingClient.FORWARD.handle(upstream);
        });
    assertEquals(Cancellation.CANCELLED, operations.cancel(TENANT));
    assertEquals("end", stored().state());
    assertEquals(new Ownership(1, ""), stored().ownership()); // of the renewed operation
  }
}
