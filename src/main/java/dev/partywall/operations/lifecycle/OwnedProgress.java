package dev.partywall.operations.lifecycle;

import dev.partywall.storage.content.OperationProgress;
import dev.partywall.storage.content.Pages;
import dev.partywall.storage.content.ProgressItem;
import java.time.Duration;
import java.util.List;

/**
 * The progress of an operation for its owner. The owner writes its fence, then checks its lease,
 * and then changes the tenant's items.
 *
 * @param clock determines the expiry of a fence by its corrected time: by a slow clock, the fence
 *     would expire before the first page
 */
public record OwnedProgress(ProgressItem item, CheckedClock clock) {
  /** Longer than an owner needs from its fence to its first page. */
  private static final Duration FENCE_LIFETIME = Duration.ofDays(1);

  /**
   * Returns the progress. The lease is checked after the fence was written, also if an earlier step
   * of this owner has written it.
   *
   * @throws OwnershipLostException if another owner executes the operation, or it has ended
   */
  public OperationProgress of(OwnedOperation owned) {
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
        item.fence(
                operation.id(),
                operation.ownership().epoch(),
                owned::confirm,
                clock.correctedTime().plus(FENCE_LIFETIME))
            .orElseThrow(OwnershipLostException::new);
    try {
      owned.confirm();
    } catch (OwnershipLostException e) {
      // The operation may have ended, and only its owner would remove this fence. If a later owner
      // has replaced it meanwhile, the condition fails and its fence remains.
      remove(progress);
      throw e;
    }
    return progress;
  }

  /**
   * Removes the progress of the operation if it exists.
   *
   * @return whether none is left; false if another owner has changed it meanwhile
   * @throws OwnershipLostException if a later owner has written its fence
   */
  public boolean remove(OwnedOperation owned) {
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
