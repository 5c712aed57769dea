package dev.partywall.operations.lifecycle;

import static dev.partywall.registry.RegistryFixture.ACME;
import static dev.partywall.registry.RegistryFixture.NOON;
import static dev.partywall.registry.RegistryFixture.tenant;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.concurrent.Conditions;
import dev.partywall.concurrent.Latches;
import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
import dev.partywall.local.LocalDynamo;
import dev.partywall.registry.RegistryFixture;
import dev.partywall.tenancy.Execution;
import dev.partywall.tenancy.OperationKind;
import dev.partywall.tenancy.TenantContext;
import dev.partywall.tenancy.TenantRecord;
import dev.partywall.tenancy.TestExecution;
import dev.partywall.tenancy.registry.Operation;
import dev.partywall.tenancy.registry.Operation.Ownership;
import java.io.IOException;
import java.lang.Thread.State;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
class OperationRunnerTest {
  private static final TenantRecord TENANT = tenant(ACME);

  private final List<String> executed = new CopyOnWriteArrayList<>();
  private volatile BooleanSupplier due = () -> true;
  private volatile Function<OwnedOperation, OperationSteps.Step> behaviour = this::nextState;
  private RegistryFixture fixture;
  private OperationRunner runner;
  private TenantOperations operations;

  /** Three steps: each notes the bound tenant, the operator and the state. */
  private final class ThreeSteps implements CancellableSteps {
    @Override
    public OperationKind kind() {
      return OperationKind.IMPORT;
    }

    @Override
    public Step step(OwnedOperation operation) {
      executed.add(
          TenantContext.current().id()
              + " "
              + Execution.currentIdentity().orElseThrow().subject()
              + " "
              + operation.operation().state());
      return behaviour.apply(operation);
    }

    @Override
    public boolean isDue(Operation operation) {
      return due.getAsBoolean();
    }

    @Override
    public Operation cancelled(Operation operation, TenantRecord tenant) {
      return operation.inState("three").free();
    }
  }

  private OperationSteps.Step nextState(OwnedOperation operation) {
    return switch (operation.operation().state()) {
      case "one" -> {
        operation.save(operation.operation().inState("two"));
        yield OperationSteps.Step.CONTINUE;
      }
      case "two" -> {
        operation.save(operation.operation().inState("three"));
        yield OperationSteps.Step.WAIT;
      }
      default -> {
        operation.end(TENANT, List.of());
        yield OperationSteps.Step.ENDED;
      }
    };
  }

  @BeforeEach
  void open(LocalDynamo dynamo) throws IOException {
    fixture = new RegistryFixture(dynamo);
    fixture.registry.create(TENANT, Optional.empty());
    runner = newRunner();
    operations = new TenantOperations(fixture.registry.operations(), runner);
  }

  @AfterEach
  void close() throws IOException {
    runner.close();
    fixture.close();
  }

  private OperationRunner newRunner() {
    return new OperationRunner(
        fixture.registry.operations(),
        fixture.registry,
        List.of(new ThreeSteps()),
        TestExecution::create,
        () -> UUID.randomUUID().toString(),
        fixture.nanoClock::get);
  }

  private static Operation operation() {
    return Operation.begun(TENANT, OperationKind.IMPORT, "o-1", "one", "olga", NOON);
  }

  private static TenantRecord during() {
    return TENANT.withOperation(Optional.of(OperationKind.IMPORT));
  }

  private Operation stored() {
    return operations.find(ACME).orElseThrow();
  }

  private static void await(BooleanSupplier condition) {
    Conditions.await(condition, "the operation does not proceed");
  }

  private void awaitEnd() {
    await(() -> operations.find(ACME).isEmpty());
  }

  @Test
  void executesTheStepsForTheTenantInTheNameOfTheOperator() {
    operations.begin(operation(), TENANT, during());
    awaitEnd();
    assertEquals(List.of("acme olga one", "acme olga two", "acme olga three"), executed);
    assertEquals(Optional.of(TENANT), fixture.registry.find(ACME));
  }

  @Test
  void executesAnOperationThatNoInstanceOwns() {
    fixture.registry.operations().begin(operation(), TENANT, during());
    runner.pass();
    awaitEnd();
    assertEquals(3, executed.size());
  }

  @Test
  void takesOverAnOperationWhoseLeaseWasUnchangedFor30Seconds() {
    var store = fixture.registry.operations();
    store.begin(operation(), TENANT, during());
    store.update(stored(), stored().ownedBy(new Ownership(4, "other")));
    runner.pass();
    fixture.nanoClock.addAndGet(Duration.ofSeconds(30).toNanos());
    runner.pass();
    assertEquals("other", stored().ownership().lease());
    fixture.nanoClock.incrementAndGet();
    runner.pass();
    awaitEnd();
    assertEquals(3, executed.size());
  }

  /** The search is not consistent: an operation without an owner can have changed since. */
  @Test
  void readsAnOperationAgainBeforeItTakesItOver() {
    var store = fixture.registry.operations();
    store.begin(operation(), TENANT, during());
    var found = stored();
    due =
        () -> {
          store.update(found, found.inState("two"));
          due = () -> true;
          return true;
        };
    runner.pass();
    awaitEnd();
    assertEquals(List.of("acme olga two", "acme olga three"), executed);
  }

  @Test
  void aRenewedLeaseStartsTheTimeAgain() {
    var store = fixture.registry.operations();
    store.begin(operation(), TENANT, during());
    store.update(stored(), stored().ownedBy(new Ownership(4, "other")));
    runner.pass();
    fixture.nanoClock.addAndGet(Duration.ofSeconds(29).toNanos());
    store.update(stored(), stored().ownedBy(new Ownership(4, "renewed")));
    runner.pass();
    fixture.nanoClock.addAndGet(Duration.ofSeconds(29).toNanos());
    runner.pass();
    assertEquals(List.of(), executed);
    assertEquals("renewed", stored().ownership().lease());
  }

  @Test
  void eachOwnerHasAHigherEpoch() {
    behaviour = _ -> OperationSteps.Step.WAIT;
    operations.begin(operation(), TENANT, during());
    await(() -> stored().ownership().epoch() == 1);
    runner.close();
    await(() -> stored().ownership().isFree());
    runner = newRunner();
    runner.pass();
    await(() -> stored().ownership().epoch() == 2);
  }

  /** The parts of the service that a step uses are closed later. */
  @Test
  void theEndWaitsForTheStepInProgress() {
    var closing = new Thread(() -> runner.close());
    var inProgress = new CountDownLatch(1);
    behaviour =
        operation -> {
          inProgress.countDown();
          await(() -> Set.of(State.TIMED_WAITING, State.TERMINATED).contains(closing.getState()));
          executed.add("closing: " + closing.getState());
          return nextState(operation);
        };
    operations.begin(operation(), TENANT, during());
    Latches.await(inProgress);
    closing.start();
    await(() -> closing.getState() == State.TERMINATED);
    assertEquals(List.of("acme olga one", "closing: TIMED_WAITING"), executed);
    assertEquals("two", stored().state());
    assertTrue(stored().ownership().isFree(), "the next owner need not wait");
  }

  @Test
  void anOperationThatIsNotDueHasNoOwner() {
    due = () -> false;
    operations.begin(operation(), TENANT, during());
    runner.pass();
    assertEquals(Ownership.NONE, stored().ownership());
    due = () -> true;
    runner.pass();
    awaitEnd();
  }

  @Test
  void aFailedStepIsRepeatedAndItsReasonIsShownMeanwhile() {
    behaviour =
        _ -> {
          throw new IllegalStateException("broken");
        };
    operations.begin(operation(), TENANT, during());
    var reason = Optional.of("A step has failed. The log has the cause.");
    await(() -> stored().progress().reason().equals(reason));
    behaviour = this::nextState;
    awaitEnd();
  }

  @Test
  void aCancelledOperationContinuesInItsNextState() {
    behaviour =
        operation ->
            operation.operation().state().equals("one")
                ? OperationSteps.Step.WAIT
                : nextState(operation);
    operations.begin(operation(), TENANT, during());
    await(() -> !executed.isEmpty());
    operations.cancel(during());
    fixture.nanoClock.addAndGet(Duration.ofSeconds(6).toNanos()); // the owner renews its lease
    await(() -> {
      runner.pass();
      return operations.find(ACME).isEmpty();
    });
    assertEquals("acme olga three", executed.getLast());
  }

  @Test
  void anInstanceWithoutTheStepsOfAKindDoesNotCancelIt() {
    var export = Operation.begun(TENANT, OperationKind.EXPORT, "o-1", "one", "olga", NOON);
    fixture.registry.operations().begin(export, TENANT, TENANT);
    var rejected = assertThrows(ApiException.class, () -> operations.cancel(TENANT));
    assertEquals(
        new ApiError.Conflict(
            "operation-not-cancellable",
            "This instance does not cancel operations of the kind export."),
        rejected.error());
    assertEquals("one", stored().state());
  }

  @Test
  void aSecondOperationIsRejected() {
    due = () -> false;
    operations.begin(operation(), TENANT, during());
    var second = Operation.begun(TENANT, OperationKind.IMPORT, "o-2", "one", "olga", NOON);
    assertThrows(ApiException.class, () -> operations.begin(second, during(), during()));
    assertThrows(ApiException.class, () -> operations.requireNone(ACME));
  }
}
