package dev.partywall.operations.offboarding;

import dev.partywall.operations.lifecycle.OperationSteps.Step;
import dev.partywall.operations.lifecycle.OwnedOperation;
import dev.partywall.operations.lifecycle.OwnedProgress;
import dev.partywall.operations.lifecycle.PacedCalls;
import dev.partywall.storage.content.ContentDeletion;
import dev.partywall.storage.content.DeletedItems;
import dev.partywall.storage.content.OperationProgress;
import dev.partywall.tenancy.registry.Operation;
import java.time.Duration;
import java.util.function.LongSupplier;

/** Deletes the items of the bound tenant, page by page. */
record ItemDeletion(
    ContentDeletion content, OwnedProgress progress, PacedCalls calls, LongSupplier nanoTime) {
  /** A step renews the lease at its begin, so it must be shorter than the lease. */
  private static final long MAX_STEP_NANOS = Duration.ofSeconds(4).toNanos();

  /** Deletes pages for some seconds. */
  Step step(OwnedOperation owned) {
    var begin = nanoTime.getAsLong();
    var current = progress.of(owned);
    var deleted = deleted(current, owned.operation());
    while (nanoTime.getAsLong() - begin < MAX_STEP_NANOS) {
      switch (deletePage(owned, current, deleted)) {
        case ContentDeletion.Result.Deleted(var after, var items) -> {
          current = after;
          deleted = items;
          owned.progress(items.total());
        }
        case ContentDeletion.Result.Rejected() -> {
          return Step.CONTINUE; // the next step reads the progress again
        }
        case ContentDeletion.Result.Empty() -> {
          owned.save(
              with(deleted, owned.operation().inState(Offboarding.VERIFYING))
                  .withDone(deleted.total()));
          return Step.CONTINUE;
        }
      }
    }
    return Step.CONTINUE;
  }

  private ContentDeletion.Result deletePage(
      OwnedOperation owned, OperationProgress current, DeletedItems deleted) {
    return calls.ownedBy(owned).call(() -> content.deletePage(current, deleted));
  }

  /**
   * The progress is removed before the verification. If that finds an item, the deletion continues
   * with the items that were counted before.
   */
  private static DeletedItems deleted(OperationProgress current, Operation operation) {
    return DeletedItems.of(current.page() == 0 ? operation.parameters() : current.values());
  }

  /** Returns the operation with these items in its parameters. */
  static Operation with(DeletedItems deleted, Operation operation) {
    var changed = operation;
    for (var value : deleted.values().entrySet()) {
      changed = changed.with(value.getKey(), value.getValue());
    }
    return changed;
  }
}
