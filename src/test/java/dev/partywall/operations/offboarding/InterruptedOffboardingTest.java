package dev.partywall.operations.offboarding;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.error.ApiException;
import dev.partywall.local.LocalDynamo;
import dev.partywall.operations.lifecycle.OperationSteps.Step;
import dev.partywall.operations.lifecycle.OwnershipLostException;
import dev.partywall.operations.offboarding.InterruptedWrites.LoseResponse;
import dev.partywall.operations.offboarding.InterruptedWrites.PauseBefore;
import dev.partywall.tenancy.Placement;
import dev.partywall.tenancy.TenantId;
import dev.partywall.tenancy.TenantStatus;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Interrupts an offboarding at each of its writes, and continues it with another owner. */
@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
class InterruptedOffboardingTest {
  private static final int ORDERS = 4;

  /** So many that the items need two pages. */
  private static final int MANY_ORDERS = 100;

  private static final int NOTES = 2;
  private static final int MARKS = 6;
  private static final int EXPIRING = 3;

  private final OffboardingFixture fixture;

  InterruptedOffboardingTest(LocalDynamo dynamo) {
    this.fixture = new OffboardingFixture(dynamo);
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private TenantId tenant(String name, int orders) {
    var tenant = fixture.offboard(name, new Placement.Pool());
    fixture.store(tenant, orders, NOTES, MARKS, EXPIRING);
    return tenant;
  }

  private void assertDeleted(TenantId tenant, int orders) {
    var at = tenant.value();
    assertEquals(List.of(), fixture.items(tenant), at);
    assertEquals(
        tenant
            + " [DeletedTable[name="
            + fixture.locations.pool()
            + ", collections={mark=6, note=2, order="
            + orders
            + "}, expiring=3]] "
            + KeyHash.of(fixture, tenant, orders, NOTES, MARKS)
            + " 6",
        fixture.receipt(tenant).orElseThrow(),
        at);
    assertEquals(6, fixture.counted(tenant), at);
    assertEquals(Optional.empty(), fixture.operations.find(tenant), at);
    assertEquals(TenantStatus.OFFBOARDED, fixture.registry.find(tenant).orElseThrow().status(), at);
  }

  @Test
  void aLostResponseOfAnyWriteToATableLosesAndDoublesNothing() {
    for (var write = 1; loseResponse("lose-" + write, ORDERS, write); write++) {
      assertTrue(write < 30, "the offboarding does not end");
    }
  }

  @Test
  void aLostResponseOfAPageCountsItOnce() {
    loseResponse("lose-page", MANY_ORDERS, fence() + 1);
  }

  /** Returns the number of the write to a table that writes the fence. Pages follow. */
  private int fence() {
    var tenant = tenant("fence", ORDERS);
    var writes = new PauseBefore(Integer.MAX_VALUE);
    var instance = fixture.takeOverWithHookedTables(tenant, writes);
    while (!fixture.operations.find(tenant).orElseThrow().state().equals(Offboarding.DELETING)) {
      instance.step();
    }
    return writes.writes() + 1;
  }

  /** Returns whether the offboarding has so many writes. */
  private boolean loseResponse(String name, int orders, int write) {
    var tenant = tenant(name, orders);
    var loss = new LoseResponse(write);
    finishWithRepetitions(tenant, loss);
    assertDeleted(tenant, orders);
    return loss.isReached();
  }

  /**
   * Repeats a failed step, as the runner does. If the ownership is lost, another owner continues.
   */
  private void finishWithRepetitions(TenantId tenant, WriteHook hook) {
    var instance = fixture.takeOverWithHookedTables(tenant, hook);
    var result = Step.CONTINUE;
    while (result != Step.ENDED) {
      try {
        result = instance.step();
      } catch (ApiException _) {
        result = Step.CONTINUE;
      } catch (OwnershipLostException _) {
        if (fixture.operations.find(tenant).isEmpty()) {
          return;
        }
        instance = fixture.takeOver(tenant);
      }
    }
  }

  @Test
  void anotherOwnerContinuesAfterAnyWriteAndThePausedOneChangesNothing() {
    for (var write = 2; pause("pause-" + write, ORDERS, write); write++) {
      assertTrue(write < 30, "the offboarding does not end");
    }
  }

  @Test
  void anotherOwnerContinuesAfterAPage() {
    var tenant = tenant("pause-page", MANY_ORDERS);
    var pause = new PauseBefore(fence() + 2);
    assertTrue(pause(fixture.takeOverWithHookedTables(tenant, pause), tenant, pause));
    assertDeleted(tenant, MANY_ORDERS);
  }

  /** Returns whether the offboarding has so many writes. */
  private boolean pause(String name, int orders, int write) {
    var tenant = tenant(name, orders);
    var pause = new PauseBefore(write);
    var reached = pause(fixture.takeOver(tenant, pause), tenant, pause);
    assertDeleted(tenant, orders);
    return reached;
  }

  /**
   * Stops an owner before a write, as {@code kill -9} or a suspension of the process does, lets
   * another owner delete the tenant, and continues the first owner. Returns false if the first
   * owner has deleted the tenant before.
   */
  private boolean pause(OffboardingFixture.Instance instance, TenantId tenant, PauseBefore pause) {
    var running = CompletableFuture.runAsync(instance::finish, Thread::startVirtualThread);
    if (!pause.await(running)) {
      return false;
    }
    fixture.takeOver(tenant).finish();
    var stored = fixture.stored(tenant);
    pause.release();
    var ended = assertThrows(CompletionException.class, running::join);
    assertInstanceOf(OwnershipLostException.class, ended.getCause(), tenant.value());
    assertEquals(stored, fixture.stored(tenant), tenant.value());
    return true;
  }

  @Test
  void aFormerOwnerThatVerifiesKeepsTheCountsOfItsSuccessor() {
    var tenant = tenant("verify", ORDERS);
    var former = fixture.takeOver(tenant);
    while (!fixture.operations.find(tenant).orElseThrow().state().equals(Offboarding.VERIFYING)) {
      former.step();
    }
    fixture.store(tenant, MANY_ORDERS, 0, 0, 0); // items that the verification finds
    // Its writes to the table: it removes the progress, writes its fence, and deletes two pages.
    var pause = new PauseBefore(4);
    var successor = fixture.takeOverWithHookedTables(tenant, pause);
    var running = CompletableFuture.runAsync(successor::finish, Thread::startVirtualThread);
    assertTrue(pause.await(running));
    assertThrows(OwnershipLostException.class, former::step);
    pause.release();
    running.join();
    assertTrue(
        fixture
            .receipt(tenant)
            .orElseThrow()
            .contains("{mark=6, note=2, order=104}, expiring=3]]"));
  }
}
