package dev.partywall.operations.lifecycle;

import static dev.partywall.registry.RegistryFixture.ACME;
import static dev.partywall.registry.RegistryFixture.NOON;
import static dev.partywall.registry.RegistryFixture.tenant;
import static org.junit.jupiter.api.Assertions.assertEquals;

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
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** An instance that stops during a step of many pages, such as the file of an import. */
@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
class StoppingOwnerTest {
  private static final TenantRecord TENANT = tenant(ACME);

  private final AtomicLong checksOfTheWait = new AtomicLong();
  private final OperationPace pace = new OperationPace(750, this::nanoTime);
  private final PacedCalls calls = new PacedCalls(pace, () -> 0);
  private final CountDownLatch inProgress = new CountDownLatch(1);
  private final AtomicLong pages = new AtomicLong();
  private volatile boolean isTestOver;
  private RegistryFixture fixture;

  /** A step without an end, which executes pages. */
  private record EndlessSteps(Consumer<OwnedOperation> pages) implements OperationSteps {
    @Override
    public OperationKind kind() {
      return OperationKind.IMPORT;
    }

    @Override
    public Step step(OwnedOperation owned) {
      pages.accept(owned);
      return Step.CONTINUE;
    }
  }

  @BeforeEach
  void open(LocalDynamo dynamo) throws IOException {
    fixture = new RegistryFixture(dynamo);
    fixture.registry.create(TENANT, Optional.empty());
  }

  @AfterEach
  void close() throws IOException {
    isTestOver = true;
    fixture.close();
  }

  @Test
  void aStepEndsBetweenTwoCalls() {
    stopDuring(owned -> calls.ownedBy(owned).call(pages::incrementAndGet));
  }

  @Test
  void aStepEndsAfterItsPage() {
    stopDuring(owned -> owned.progress(pages.incrementAndGet()));
    assertEquals(pages.get(), stored().progress().done());
  }

  @Test
  void aWaitForCapacityEnds() {
    pace.consumed(1e9);
    var before = checksOfTheWait.get();
    stopDuring(
        owned -> calls.ownedBy(owned).call(pages::incrementAndGet),
        () -> checksOfTheWait.get() > before + 2);
    assertEquals(0, pages.get());
  }

  /** The wait reads the time before each pause. */
  private long nanoTime() {
    checksOfTheWait.incrementAndGet();
    return System.nanoTime();
  }

  /** The successor takes a free operation over at once. */
  private void stopDuring(Consumer<OwnedOperation> page) {
    stopDuring(page, () -> inProgress.getCount() == 0);
  }

  private void stopDuring(Consumer<OwnedOperation> page, BooleanSupplier isInProgress) {
    var runner = runner(page);
    var operation = Operation.begun(TENANT, OperationKind.IMPORT, "o-1", "one", "olga", NOON);
    fixture.registry.operations().begin(operation, TENANT, TENANT);
    runner.start(stored());
    Conditions.await(isInProgress, "the step does not begin");
    runner.close();
    assertEquals(new Ownership(1, ""), stored().ownership());
    assertEquals("one", stored().state());
  }

  private OperationRunner runner(Consumer<OwnedOperation> page) {
    Consumer<OwnedOperation> endless =
        owned -> {
          while (!isTestOver) {
            inProgress.countDown();
            page.accept(owned);
          }
        };
    return new OperationRunner(
        fixture.registry.operations(),
        fixture.registry,
        List.of(new EndlessSteps(endless)),
        TestExecution::create,
        () -> UUID.randomUUID().toString(),
        fixture.nanoClock::get);
  }

  private Operation stored() {
    return fixture.registry.operations().find(ACME).orElseThrow();
  }
}
