package dev.partywall.operations.transfer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.error.ApiException;
import dev.partywall.local.LocalDynamo;
import dev.partywall.operations.lifecycle.OwnershipLostException;
import dev.partywall.storage.content.StoredItem;
import dev.partywall.tenancy.Placement;
import dev.partywall.tenancy.TenantId;
import dev.partywall.tenancy.registry.Operation;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Interrupts an import at each of its writes, and continues it with another owner. */
@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
class InterruptedImportTest {
  private static final Placement POOL = new Placement.Pool();

  /** Two pages, because each write of its import is interrupted. */
  private static final List<StoredItem> TWO_PAGES = ImportFixture.orders(5, "{\"a\":1}");

  /** The build pauses an owner before every third write; {@code -Pimports} before each. */
  private static final int PAUSE_STEP = Integer.getInteger("pause.step", 3);

  private static final List<StoredItem> FORMER = ImportFixture.orders(3, "{\"b\":2}");

  private final ImportFixture fixture;

  InterruptedImportTest(LocalDynamo dynamo) {
    this.fixture = new ImportFixture(dynamo);
    fixture.pageItems = 3;
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private Operation operation(TenantId tenant) {
    return fixture.operations.find(tenant).orElseThrow();
  }

  private String result(TenantId tenant) {
    var document = fixture.operations.document(tenant, ".import-result#1").orElseThrow();
    return document.get("counts") + " " + document.get("unchanged");
  }

  private TenantId replacing(String name) {
    var tenant = fixture.register(name, POOL);
    fixture.store(tenant, FORMER);
    fixture.open(tenant, false, true, false);
    fixture.complete(tenant, ImportFixture.file(name, TWO_PAGES), 2);
    return tenant;
  }

  /** A request reads the former content or the new one at any moment, and never a part. */
  private void assertComplete(TenantId tenant) {
    var isSwitched = fixture.registry.find(tenant).orElseThrow().contentRevision() == 2;
    var expected = isSwitched ? TWO_PAGES : FORMER;
    assertEquals(
        expected.stream().map(StoredItem::document).toList(),
        fixture.visibleDocuments(tenant),
        tenant.value());
  }

  private void assertReplaced(TenantId tenant) {
    var at = tenant.value();
    assertEquals(Optional.empty(), fixture.operations.find(tenant), at);
    assertEquals("{\"order\":5} false", result(tenant), at);
    assertEquals(fixture.expected(tenant, TWO_PAGES), fixture.items(tenant), at);
  }

  /** The process ends after a write, before it has received the response. */
  @Test
  void anotherOwnerContinuesAfterAnyWrite() {
    for (var write = 2; kill("kill-" + write, write); write++) {
      assertTrue(write < 40, "the import does not end");
    }
  }

  private boolean kill(String name, int write) {
    var tenant = replacing(name);
    var isReached = finishAfterEndAt(write, tenant, this::assertComplete);
    assertReplaced(tenant);
    return isReached;
  }

  /** Ends the first owner at a write; the next one continues. Returns whether it was reached. */
  private boolean finishAfterEndAt(int write, TenantId tenant, Consumer<TenantId> check) {
    var hook = InterruptAt.kill(write);
    try {
      fixture.takeOver(tenant, hook).finish();
    } catch (ApiException _) {
      check.accept(tenant);
      if (fixture.operations.find(tenant).isPresent()) {
        fixture.takeOver(tenant).finish();
      }
    }
    return hook.isReached();
  }

  /** The process stops before a write, and sends it after another owner has ended the import. */
  @Test
  void aPausedOwnerChangesNothing() {
    for (var write = 2; pause("pause-" + write, write); write += PAUSE_STEP) {
      assertTrue(write < 40, "the import does not end");
    }
  }

  private boolean pause(String name, int write) {
    var tenant = replacing(name);
    var hook =
        new InterruptAt(
            write,
            () -> {
              fixture.takeOver(tenant).finish();
              return null;
            });
    var instance = fixture.takeOver(tenant, hook);
    try {
      instance.finish();
      assertFalse(hook.isReached(), name + ": the paused owner has not noticed the other one");
    } catch (OwnershipLostException _) {
      assertTrue(hook.isReached(), name);
    }
    assertReplaced(tenant);
    return hook.isReached();
  }

  /** Cancels an import that has written its first two pages. */
  private TenantId cancelling(String name) {
    var tenant = fixture.register(name, POOL);
    fixture.open(tenant, false, false, true);
    fixture.complete(tenant, ImportFixture.file(name, TWO_PAGES), 1);
    // The writes: takeover, barrier, lease, fence, lease, state, lease, first page, second page.
    var instance = fixture.takeOver(tenant, InterruptAt.kill(9));
    assertThrows(ApiException.class, instance::finish);
    assertEquals(5, fixture.items(tenant).stream().filter(item -> item.containsKey("doc")).count());
    var before = operation(tenant);
    var cancelled = instance.steps().cancelled(before, fixture.registry.find(tenant).orElseThrow());
    assertEquals(before.ownership().epoch() + 1, cancelled.ownership().epoch());
    assertTrue(fixture.operations.update(before, cancelled));
    return tenant;
  }

  private void assertCancelled(TenantId tenant) {
    var at = tenant.value();
    assertEquals(List.of(), fixture.items(tenant), at);
    assertEquals(Optional.empty(), fixture.operations.find(tenant), at);
    assertEquals(
        "true",
        fixture.operations.document(tenant, ".import-result#1").orElseThrow().get("cancelled"),
        at);
  }

  @Test
  void aCancelledImportDeletesWhatItHasWritten() {
    var tenant = cancelling("cancelled");
    fixture.takeOver(tenant).finish();
    assertCancelled(tenant);
  }

  @Test
  void anotherOwnerContinuesACancellationAfterAnyWrite() {
    for (var write = 2; killCancellation("cancel-" + write, write); write++) {
      assertTrue(write < 40, "the cancellation does not end");
    }
  }

  private boolean killCancellation(String name, int write) {
    var tenant = cancelling(name);
    var isReached = finishAfterEndAt(write, tenant, _ -> {});
    assertCancelled(tenant);
    return isReached;
  }

  @Test
  void cannotBeCancelledAfterTheSwitchHasBegun() {
    var tenant = replacing("switched");
    var instance = fixture.takeOver(tenant);
    for (var state : List.of("switching", "deleting", "clearing")) {
      while (!operation(tenant).state().equals(state)) {
        instance.step();
      }
      var record = fixture.registry.find(tenant).orElseThrow();
      assertThrows(ApiException.class, () -> instance.steps().cancelled(operation(tenant), record));
    }
    instance.finish();
    assertReplaced(tenant);
  }
}
