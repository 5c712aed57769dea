package dev.partywall.operations.offboarding;

import dev.partywall.operations.lifecycle.OwnedOperation;
import dev.partywall.operations.lifecycle.OwnershipLostException;
import dev.partywall.storage.content.OperationProgress;
import dev.partywall.storage.content.Pages;
import dev.partywall.storage.content.ProgressItem;
import java.util.List;

/** Reads the progress of an operation for its owner, after the fence of the owner is written. */
record OwnedProgress(ProgressItem item) {
  /**
   * Returns the progress. The lease is checked after the fence was written, also if an earlier step
   * of this owner has written it.
   *
   * @throws OwnershipLostException if another owner executes the operation, or it has ended
   */
  OperationProgress of(OwnedOperation owned) {
    owned.confirm();
    var operation = owned.operation();
    return item.find()
        .filter(progress -> progress.operation().equals(operation.id()))
        .filter(progress -> progress.epoch() == operation.ownership().epoch())
        .orElseGet(() -> fenced(owned));
  }

  private OperationProgress fenced(OwnedOperation owned) {
    owned.requireCurrent();
    var operation = owned.operation();
    var progress =
        item.fence(operation.id(), operation.ownership().epoch(), owned::confirm)
            .orElseThrow(OwnershipLostException::new);
    try {
      owned.confirm();
    } catch (OwnershipLostException e) {
      // The operation may have ended, with an empty partition. If a later owner has replaced the
      // fence meanwhile, the condition fails and its fence remains.
      remove(progress);
      throw e;
    }
    return progress;
  }

  /**
   * Removes the progress of the operation if it exists.
   *
   * @return whether none is left
   * @throws OwnershipLostException if a later owner has written its fence
   */
  boolean remove(OwnedOperation owned) {
    var operation = owned.operation();
    return item.find()
        .filter(progress -> progress.operation().equals(operation.id()))
        .map(progress -> remove(progress, operation.ownership().epoch()))
        .orElse(true);
  }

  /** A later owner may have deleted items that only its progress counts. */
  private boolean remove(OperationProgress progress, long epoch) {
    if (progress.epoch() > epoch) {
      throw new OwnershipLostException();
    }
    return remove(progress);
  }

  private boolean remove(OperationProgress progress) {
    return Pages.isWritten(item.client(), List.of(item.remove(progress)));
  }
}
